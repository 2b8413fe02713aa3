"""Measuring `crawler.linking`: how often the right event is found, how far a score can be trusted."""
