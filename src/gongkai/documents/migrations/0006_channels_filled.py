"""Every channel written as text becomes a row of the table: a shipped one by its code or name, else one of that name."""

import datetime as dt

from django.db import migrations

SHIPPED_FROM = dt.date(2008, 5, 1)
SHIPPED = (  # as they were shipped when texts became rows: code, name, category, offline
    ("government_website", "政府网站", "website", False),
    ("weibo", "政务微博", "weibo", False),
    ("wechat", "政务微信", "wechat", False),
    ("app_own", "移动客户端（自建）", "other", False),
    ("app_third_party", "移动客户端（第三方）", "other", False),
    ("gazette", "政府公报", "other", True),
    ("press_conference", "新闻发布会", "other", True),
    ("newspaper", "报刊", "other", True),
    ("radio", "广播", "other", True),
    ("television", "电视", "other", True),
    ("mobile_tv", "公交移动电视", "other", True),
    ("notice_board", "公开栏、公告栏", "other", True),
    ("publicity_board", "宣传栏", "other", True),
    ("screen", "电子显示屏", "other", True),
    ("handout", "印发资料", "other", True),
    ("reading_place", "查阅点", "other", True),
    ("other", "其他", "other", False),
)


def fill(apps, schema_editor):
    channel = apps.get_model("documents", "Channel")
    for key, name, category, offline in SHIPPED:
        values = {"name": name, "category": category, "offline": offline, "valid_from": SHIPPED_FROM}
        if not channel.objects.filter(key=key).exists():
            channel.objects.create(key=key, **values)
    known = {}
    for row in channel.objects.all():
        known[row.key] = known[row.name] = row
    for kind in ("Release", "ReleasePlan"):
        model = apps.get_model("documents", kind)
        for text in model.objects.order_by().values_list("channel_text", flat=True).distinct():
            name = text.strip() or "其他"
            row = known.get(name)
            if row is None:
                row = known[name] = channel.objects.create(
                    key=f"earlier-{channel.objects.count() + 1}",
                    name=name,
                    category="other",
                    valid_from=SHIPPED_FROM,
                )
            model.objects.filter(channel_text=text).update(channel=row)


def back(apps, schema_editor):
    for name in ("Release", "ReleasePlan"):
        model = apps.get_model("documents", name)
        for row in apps.get_model("documents", "Channel").objects.all():
            model.objects.filter(channel=row).update(channel_text=row.name[:40])


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_channels")]

    operations = [migrations.RunPython(fill, back)]
