# pg_pii: which columns hold contact data, and who can read them
#
#   make demo          the whole story on a throw-away cluster
#   make test          every test, on a throw-away cluster
#   make && make install && make installcheck      the PGXS way

EXTENSION = pg_pii
EXTVERSION = $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" pg_pii.control)

MODULE_big = pg_pii
OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c src/*/*.c)))
HEADERS_OWN = $(wildcard src/*.h src/*/*.h)

SQL_PARTS = $(sort $(wildcard sql/[0-9][0-9]_*.sql))
DATA = $(wildcard sql/$(EXTENSION)--*--*.sql)
DATA_built = sql/$(EXTENSION)--$(EXTVERSION).sql
EXTRA_CLEAN = sql/$(EXTENSION)--$(EXTVERSION).sql $(OBJS:.o=.bc) build

REGRESS = $(sort $(patsubst test/sql/%.sql,%,$(wildcard test/sql/*.sql)))
REGRESS_OPTS = --inputdir=test
ENCODING = UTF8
NO_LOCALE = 1
TAP_TESTS = 1
PROVE_TESTS = $(wildcard test/t/*.pl)

PG_CPPFLAGS = -I$(CURDIR)/src $(shell pkg-config --cflags libpcre2-8)
SHLIB_LINK = $(shell pkg-config --libs libpcre2-8) -lm

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
ifneq ($(wildcard $(PGXS)),)
include $(PGXS)

$(OBJS): $(HEADERS_OWN)
$(OBJS:.o=.bc): $(HEADERS_OWN)
endif

sql/$(EXTENSION)--$(EXTVERSION).sql: $(SQL_PARTS) pg_pii.control
	cat $(SQL_PARTS) > $@
