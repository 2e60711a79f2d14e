"""The screens in a browser: a small web server that gives every visitor an own process.

The only place of textual_serve and aiohttp; imported when ``serve`` runs, never before.
"""
