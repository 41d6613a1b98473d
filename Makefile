# pg_pii: which columns hold contact data, and who can read them
#
#   make demo          the whole story, on a throw-away cluster
#   make test          every test, on a throw-away cluster
#   make bench         how long things take, as ratios
#   make && make install && make installcheck      the PGXS way
#
# PG_CONFIG=/path/to/pg_config chooses the server for all of them.

EXTENSION = pg_pii
EXTVERSION = $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" pg_pii.control)

MODULE_big = pg_pii
OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c src/*/*.c)))
OWN_HEADERS = $(wildcard src/*.h src/*/*.h)

SQL_PARTS = $(sort $(wildcard sql/[0-9][0-9]_*.sql))
DATA = $(wildcard sql/$(EXTENSION)--*--*.sql)
DATA_built = sql/$(EXTENSION)--$(EXTVERSION).sql
EXTRA_CLEAN = $(OBJS:.o=.bc)

# := because PGXS asks whether these are defined, and "none" must not be.
REGRESS := $(sort $(patsubst test/sql/%.sql,%,$(wildcard test/sql/*.sql)))
REGRESS_OPTS = --inputdir=test
ISOLATION := $(sort $(patsubst test/specs/%.spec,%,$(wildcard test/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test --outputdir=.
ENCODING = UTF8
NO_LOCALE = 1
TAP_TESTS = 1
PROVE_TESTS = $(sort $(wildcard test/t/*.pl))

PG_CPPFLAGS = -I$(CURDIR)/src $(shell pkg-config --cflags libpcre2-8)
SHLIB_LINK = $(shell pkg-config --libs libpcre2-8) -lm

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
missing := $(if $(wildcard $(PGXS)),,postgresql-server-dev-all) \
	$(if $(shell pkg-config --exists libpcre2-8 2>&1 || echo no),libpcre2-dev pkg-config)

ifeq ($(strip $(missing)),)
include $(PGXS)

$(OBJS) $(OBJS:.o=.bc): $(OWN_HEADERS)
else
all install installcheck uninstall clean:
	@echo "pg_pii: what it is built with is missing: apt-get install $(strip $(missing))" >&2
	@echo "pg_pii: or set PG_CONFIG; make demo and make test install it themselves" >&2
	@exit 1
endif

$(DATA_built): $(SQL_PARTS) pg_pii.control
	cat $(SQL_PARTS) > $@

demo:
	@PG_CONFIG='$(PG_CONFIG)' doc/demo/run.sh

test:
	@PG_CONFIG='$(PG_CONFIG)' test/run.sh

bench:
	@PG_CONFIG='$(PG_CONFIG)' bench/run.sh

lint:
	@test/lint.sh

.PHONY: demo test bench lint
