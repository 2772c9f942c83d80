"""What a web worker loads: the site's WSGI application, in a process that ends with its parent."""

from django.core.servers.basehttp import get_internal_wsgi_application

from ujima.commands.children import die_with_parent

die_with_parent()
application = get_internal_wsgi_application()
