"""`gongkai migrate`: bring the database to the shape this version needs. Safe to repeat."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(args: argparse.Namespace) -> None:
    """Apply every migration not applied yet."""
    waiting = len(unapplied())
    apply()
    print(f"数据库结构已升级（{waiting} 项）。" if waiting else "数据库结构已是最新。")


def apply() -> None:
    """Migrate without a word."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def unapplied() -> list[str]:
    """Names of the migrations the database still lacks. Raises OperationalError when there is no database."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
