"""The WSGI application that `gongkai serve` hands to the server."""

import os

from django.core.wsgi import get_wsgi_application

from gongkai.operating.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.settings")

end_with_parent()
application = get_wsgi_application()
