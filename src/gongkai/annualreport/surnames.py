"""Chinese surnames, as far as they help to tell a name from a word."""

from __future__ import annotations

COMPOUND = frozenset(
    {
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "夏侯",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "宇文",
        "长孙",
        "司徒",
        "司空",
        "端木",
        "东方",
        "南宫",
        "独孤",
        "轩辕",
        "西门",
        "申屠",
        "太史",
        "呼延",
    }
)
SURE = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余杜叶魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
    "贾韦夏傅邹熊孟秦邱江尹薛闫阎雷侯龙陶黎贺毛郝龚邵钱武戴莫孔汤温康牛樊葛邢齐乔伍庞颜倪庄聂鲁岳翟殷詹耿兰焦俞左柳"
    "甘祝尚舒阮柯纪梅童凌毕裴霍苗谷盛冉翁蓝路辛靳柴蒙鲍喻祁蒲滕屈饶牟艾穆卓吉缪麦褚娄窦戚岑景费冷晏席柏宗瞿桂佟臧闵苟邬卞"
    "姬栾隋刁沙荣巫寇郎甄仲虞敖巩佘迟匡鞠惠荆冀郁胥储燕鄢"
)
# Surnames that are everyday words too: what follows them must not be a word.
EVERYDAY = frozenset("方高应于关常安白成时万石史程金严洪文施段向易连项明单包华车房水全和强解边古简利查宫游")
