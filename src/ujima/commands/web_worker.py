"""What a web worker loads: the site's WSGI application, in a process that ends with its parent."""

import gc

from django.core.servers.basehttp import get_internal_wsgi_application

from ujima.commands.children import die_with_parent

die_with_parent()
# A request leaves few cycles behind: they are looked for less often than for each 700 new objects.
gc.set_threshold(20_000, 20, 20)
application = get_internal_wsgi_application()
