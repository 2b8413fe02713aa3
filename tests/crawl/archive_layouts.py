"""Stories as pages of their time, and the pages that stood in their way when an archive came by.

Page structure is that of real news sites of the time: tables and font tags, then nested divs, then articles with
structured data. All names are invented.
"""

import html
import json
from string import Template

TABLES = """<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<HTML><HEAD><TITLE>$paper: $headline</TITLE></HEAD>
<BODY BGCOLOR="#FFFFFF" LINK="#003366"><TABLE WIDTH="740" BORDER="0" CELLPADDING="0" ALIGN="center">
<TR><TD COLSPAN="3"><A HREF="/"><IMG SRC="/img/title.gif" ALT="$paper" BORDER="0"></A></TD></TR>
<TR VALIGN="top"><TD WIDTH="120" BGCOLOR="#EEEEDD"><FONT SIZE="1"><A HREF="/local">Local</A><BR><A HREF="/region">
Region</A><BR><A HREF="/business">Business</A><BR><A HREF="/sports">Sports</A><BR><A HREF="/obits">Obituaries</A><BR>
<A HREF="/weather">Weather</A></FONT></TD>
<TD WIDTH="460"><FONT FACE="Times" SIZE="5"><B>$headline</B></FONT><BR>
<FONT SIZE="1" COLOR="#666666">$byline$dated</FONT><HR NOSHADE SIZE="1">
<FONT FACE="Times" SIZE="3">$paragraphs</FONT><HR NOSHADE SIZE="1">
<FONT SIZE="1"><A HREF="/print">Print this story</A> | <A HREF="/email">E-mail this story to a friend</A></FONT></TD>
<TD WIDTH="150"><FONT SIZE="1"><B>MOST READ</B><BR><A HREF="/a/1">Goose chairs meeting</A><BR><A HREF="/a/2">Harbour
clock is right again</A></FONT></TD></TR>
<TR><TD COLSPAN="3" ALIGN="center"><FONT SIZE="1">$footer</FONT></TD></TR></TABLE></BODY></HTML>
"""
DIVS = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><title>$headline | $paper</title>
<meta name="description" content="$headline" /><link rel="alternate" type="application/rss+xml" href="/rss.xml" />
<script type="text/javascript" src="/js/jquery.js"></script></head>
<body class="story"><div id="header"><a href="/" id="logo">$paper</a><ul><li><a href="/world">World</a></li>
<li><a href="/national">National</a></li><li><a href="/money">Money</a></li><li><a href="/culture">Culture</a></li></ul>
</div><div id="main"><h1 class="title">$headline</h1><div class="meta"><span class="submitted">$byline</span>
<span class="date">$dated</span></div><div class="content">$paragraphs</div></div>
<div id="sidebar"><h2>Latest headlines</h2><ul><li><a href="/n/1">Poets refuse prize money</a></li>
<li><a href="/n/2">Bakers end flour blockade</a></li></ul></div><div id="footer">$footer</div></body></html>
"""
ARTICLE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>$headline - $paper</title>
<meta property="og:type" content="article"><meta property="og:title" content="$headline">
<script type="application/ld+json">$json_ld</script></head>
<body><header><a href="/">$paper</a><nav><a href="/news">News</a> <a href="/science">Science</a></nav></header>
<main><article><h1>$headline</h1><p class="byline">$byline</p><p class="date">$dated</p>
<div class="article-body">$paragraphs</div></article>
<aside><h3>Read next</h3><a href="/r/1">The clock that is never asked</a></aside></main>
<footer>$footer</footer></body></html>
"""
SOFT_404 = """<html><head><title>Page not found - $paper</title></head><body>
<div id="header"><a href="/">$paper</a></div><h1>Page not found</h1>
<p>Sorry, the page you requested could not be found. It may have been moved or deleted.</p>
<p>Please check the address or go to our <a href="/">home page</a>.</p></body></html>
"""
CONSENT = """<!DOCTYPE html><html lang="en"><head><title>Your privacy choices</title></head><body>
<div id="consent-dialog"><h1>We value your privacy</h1><p>We and our partners store and access information on a device,
such as cookies, and process personal data for personalised ads and content. Before you continue, please choose.</p>
<form action="/consent"><button name="accept">Accept all cookies</button><button name="reject">Reject all</button>
<a href="/privacy">Manage options</a></form></div></body></html>
"""
HOME = """<html><head><title>$paper - news, sport, weather</title></head><body><h1>$paper</h1>
<ul><li><a href="/a/11">Goose chairs meeting of harbour board</a></li><li><a href="/a/12">Choir loses its key</a></li>
<li><a href="/a/13">Market moves to Thursday</a></li><li><a href="/a/14">Snow plough sold twice</a></li>
<li><a href="/a/15">Mill wheel turns backwards</a></li><li><a href="/a/16">Letters to the editor</a></li>
<li><a href="/a/17">Tram conductor retires</a></li><li><a href="/a/18">Chess in the bath house</a></li></ul>
<div id="footer">$footer</div></body></html>
"""
WALL = """<div class="paywall"><h2>Subscribe to continue reading</h2><p>This article is for subscribers only.</p>
<a href="/subscribe">Subscribe now</a> <a href="/login">Already a subscriber? Log in</a></div>"""
TROUBLE = """<html><head><title>503 Service Temporarily Unavailable</title></head><body bgcolor="white">
<center><h1>503 Service Temporarily Unavailable</h1></center><hr><center>nginx</center></body></html>
"""
TOO_MANY = "<html><head><title>429 Too Many Requests</title></head><body><h1>Too Many Requests</h1></body></html>\n"
MOVED = "<html><head><title>Moved</title></head><body>This document has moved <a href='$url'>here</a>.</body></html>\n"


def page(story, layout, *, paper, dated="", footer="", locked=False):
    """The page as text. ``dated`` is the line of its day as a reader sees it; empty: the page names no day."""
    mark = "<BR><BR>\n" if layout is TABLES else ""
    safe = [html.escape(text, quote=False) for text in story.paragraphs]
    blocks = mark.join(safe) if mark else "\n".join(f"<p>{text}</p>" for text in safe)
    facts = {"@context": "http://schema.org", "@type": "NewsArticle", "headline": story.headline}
    locks = {"isAccessibleForFree": False} if locked else {}
    places = {
        "paper": html.escape(paper),
        "headline": html.escape(story.headline),
        "byline": html.escape(story.byline),
        "dated": f" {dated}" if dated else "",
        "paragraphs": blocks + (WALL if locked else ""),
        "footer": html.escape(footer or f"Copyright {paper}. All rights reserved."),
        "json_ld": json.dumps(facts | locks),
    }
    return Template(layout).substitute(places)


def plain(text, *, paper="", url="", footer=""):
    """A page without a story."""
    return Template(text).substitute(paper=paper, url=url, footer=footer or f"Copyright {paper}.")
