"""Alembic environment, inside the package so that an installed PipeWise can migrate."""
