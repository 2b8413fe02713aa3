"""The quality gate of the extractor: invented pages with truth, scores, floors, and the named baseline beside ours."""
