"""One pattern for every register: list, filter, sort, record with history, actions, bulk, import preview, export.

A register is declared in a few lines (:class:`gongkai.desk.register.declare.Register`) and made known; pages, addresses
and the test that opens every door follow from the declaration. Rows come only through `organs.scope`, writes only
through the rooms' actions.
"""
