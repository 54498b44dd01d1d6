"""The report on paper: the same words and tables as Word document and as PDF, the same bytes for the same version.

The renderers are pure; they need no database and no settings::

    from gongkai.annualreport.rendering import docx, pdf
    from gongkai.annualreport.rendering.printed import of_figures

    report = of_figures("青石市人民政府", 2022, figures, {"s1": "……", "s5": "……"})   # any Figures of either form
    docx.render(report)   # bytes
    pdf.render(report)    # bytes; raises fonts.NoFont where no Chinese serif font is installed

:mod:`.printed` lays the report out as a flow of blocks, which :mod:`.docx` and :mod:`.pdf` set; neither adds or leaves
out a word. :mod:`.prints` keeps what was rendered of a signed version in the archive.
"""
