"""Fetch, understand, decide: from event entries to articles with evidence."""
