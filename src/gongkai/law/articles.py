"""Names of the legal sources, so that every explanation quotes them in one spelling."""

REGULATION = "《政府信息公开条例》"
REGULATION_OLD = "《政府信息公开条例》（2007年公布）"
FEE_RULES = "《政府信息公开信息处理费管理办法》"
REVIEW_LAW = "《行政复议法》"
LITIGATION_LAW = "《行政诉讼法》"


def regulation(place: str) -> str:
    """A place in the Regulation in force since 2019-05-15, e.g. ``regulation("第三十条")``."""
    return REGULATION + place
