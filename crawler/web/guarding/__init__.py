"""What stands between a request and the site: by which name, how often, by whom, and whether it was meant.

In this order, each a module: `names` (the Host header: a page elsewhere must not reach a site on 127.0.0.1 by a name of
its own), `pace` (requests a minute), `identity` (who asks), `forgery` (whether a person meant to post), and `headers`
(what a browser is told about every answer). `guard` calls them; nothing is routed before.
"""
