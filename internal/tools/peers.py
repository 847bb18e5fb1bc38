#!/usr/bin/python3
"""Asks Xapian and PostgreSQL what BenchmarkPeers of archive/search asks Rostrum.

    peers.py FOLDER

FOLDER has talks.tsv (number, title, people, topics, abstract, year, series),
slides.tsv (number, text) and queries.json ({kind: [[word, ...], ...]}). Figures
come out as lines of JSON: {"peer", "table", "kind", "times": [ms, ...]} and
{"peer", "table", "figure", "value"}. A peer that is not installed is skipped,
which is said on standard error with what is missing.

Debian has all of it: apt-get install python3-xapian postgresql python3-psycopg2.
PostgreSQL runs from a folder of its own, beside the texts, on a socket in it,
as the user postgres if this is root; it is stopped in the end. Nothing outside
FOLDER is touched. What was filled is found again when FOLDER is given again.
"""

import concurrent.futures
import glob
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time

CLIENTS = 8


def out(**line):
    print(json.dumps(line), flush=True)


def skipped(peer, why):
    print(f"peers.py: SKIPPED {peer}: {why}", file=sys.stderr, flush=True)


def rows(path):
    with open(path, encoding="utf-8") as f:
        for line in f:
            yield line.rstrip("\n").split("\t")


def tables(folder):
    """Those that have anything in them."""
    return [t for t in ("talks", "slides") if os.path.getsize(f"{folder}/{t}.tsv")]


def timed(peer, table, kind, queries, ask):
    ask(queries[0])  # opens what is opened once
    times = []
    for words in queries:
        began = time.perf_counter()
        ask(words)
        times.append((time.perf_counter() - began) * 1000)
    out(peer=peer, table=table, kind=kind, times=times)


def crowd(peer, table, queries, client, folder):
    """Counts the requests a second of 8 processes, each with its share of the queries."""
    shares = [(folder, table, queries[n::CLIENTS]) for n in range(CLIENTS)]
    with concurrent.futures.ProcessPoolExecutor(CLIENTS, multiprocessing.get_context("fork")) as pool:
        list(pool.map(client, [(f, t, q[:1]) for f, t, q in shares]))
        began = time.perf_counter()
        list(pool.map(client, shares))
        took = time.perf_counter() - began
    out(peer=peer, table=table, figure="requests/s", value=len(queries) / took)


def filled(folder, peer, fill):
    """Calls fill once for a folder; what it cost is told each time."""
    note = f"{folder}/{peer}.filled"
    if not os.path.exists(note):
        rate, size = fill(folder)
        with open(note, "w", encoding="utf-8") as f:
            json.dump([rate, size], f)
    with open(note, encoding="utf-8") as f:
        rate, size = json.load(f)
    out(peer=peer, table="", figure="documents/s", value=rate)
    out(peer=peer, table="", figure="bytes", value=size)


# Xapian

def xapian_fill(folder):
    import xapian

    began = time.perf_counter()
    count = 0
    for table in ("talks", "slides"):
        db = xapian.WritableDatabase(f"{folder}/xapian-{table}", xapian.DB_CREATE_OR_OVERWRITE)
        terms = xapian.TermGenerator()
        terms.set_stemmer(xapian.Stem("en"))
        if table == "talks":
            terms.set_database(db)
            terms.set_flags(xapian.TermGenerator.FLAG_SPELLING)
        for row in rows(f"{folder}/{table}.tsv"):
            doc = xapian.Document()
            terms.set_document(doc)
            if table == "talks":
                _, title, people, topics, abstract, year, series = row
                terms.index_text(title, 2)
                for text in (people, topics, abstract):
                    terms.increase_termpos()
                    terms.index_text(text)
                for slot, value in enumerate((year, series, people, topics)):
                    doc.add_value(slot, value)
            else:
                terms.index_text(row[1])
            db.add_document(doc)
            count += 1
        db.commit()
        db.close()
    took = time.perf_counter() - began
    size = sum(os.path.getsize(f) for f in glob.glob(f"{folder}/xapian-*/*"))
    return count / took, size


class XapianTable:
    def __init__(self, folder, table):
        import xapian

        self.x = xapian
        self.db = xapian.Database(f"{folder}/xapian-{table}")
        self.parser = xapian.QueryParser()
        self.parser.set_database(self.db)
        self.parser.set_stemmer(xapian.Stem("en"))
        self.parser.set_stemming_strategy(xapian.QueryParser.STEM_SOME)

    def ask(self, kind, words):
        x = self.x
        flags = x.QueryParser.FLAG_DEFAULT
        text = " ".join(words)
        if kind == "phrase":
            text = f'"{text}"'
        elif kind == "prefix":
            flags |= x.QueryParser.FLAG_WILDCARD
            text = words[0] + "*"
        elif kind == "typo":
            flags |= x.QueryParser.FLAG_SPELLING_CORRECTION
        query = self.parser.parse_query(text, flags)
        if kind == "typo":
            better = self.parser.get_corrected_query_string()
            if better:
                query = self.parser.parse_query(better)
        enquire = x.Enquire(self.db)
        enquire.set_query(query)
        if kind == "facets":
            spies = [x.ValueCountMatchSpy(slot) for slot in range(4)]
            for spy in spies:
                enquire.add_matchspy(spy)
            hits = enquire.get_mset(0, 10, self.db.get_doccount())
            for spy in spies:
                list(spy.top_values(20))
        else:
            hits = enquire.get_mset(0, 10)
        return [hit.docid for hit in hits]


def xapian_client(share):
    folder, table, queries = share
    t = XapianTable(folder, table)
    for words in queries:
        t.ask("2-3 words", words)


def xapian(folder, queries):
    try:
        import xapian as _  # noqa: F401
    except ImportError:
        skipped("Xapian", "no python3-xapian for " + sys.executable + " (apt-get install python3-xapian)")
        return
    filled(folder, "Xapian", xapian_fill)
    for table in tables(folder):
        t = XapianTable(folder, table)
        for kind, list_ in queries.items():
            if kind == "clients" or table == "slides" and kind in ("facets", "typo"):
                continue
            timed("Xapian", table, kind, list_, lambda words, k=kind: t.ask(k, words))
        crowd("Xapian", table, queries["clients"], xapian_client, folder)


# PostgreSQL

TALKS = "setweight(to_tsvector('english', title), 'A') || to_tsvector('english', people || ' ' || topics || ' ' || abstract)"


class PostgresTable:
    def __init__(self, folder, table):
        import psycopg2

        self.table = table
        user = "postgres" if os.getuid() == 0 else os.environ.get("USER", "postgres")
        self.db = psycopg2.connect(host=f"{folder}/pg", dbname="postgres", user=user)
        self.db.autocommit = True
        self.cursor = self.db.cursor()

    def ask(self, kind, words):
        if kind == "phrase":
            query, text = "phraseto_tsquery('english', %s)", " ".join(words)
        elif kind == "prefix":
            query, text = "to_tsquery('english', %s)", words[0] + ":*"
        else:
            query, text = "to_tsquery('english', %s)", " | ".join(words)
        self.cursor.execute(f"SELECT number FROM {self.table}, {query} q WHERE tsv @@ q ORDER BY ts_rank(tsv, q) DESC LIMIT 10", (text,))
        found = self.cursor.fetchall()
        if kind == "facets":
            parts = " UNION ALL ".join(
                f"(SELECT '{c}', {c}::text, count(*) FROM hits GROUP BY {c} ORDER BY count(*) DESC LIMIT 20)" for c in ("year", "series", "people", "topics"))
            self.cursor.execute(f"WITH hits AS MATERIALIZED (SELECT year, series, people, topics FROM talks, {query} q WHERE tsv @@ q) {parts}", (text,))
            self.cursor.fetchall()
        return found


def postgres_client(share):
    folder, table, queries = share
    t = PostgresTable(folder, table)
    for words in queries:
        t.ask("2-3 words", words)


def postgres_fill(folder):
    t = PostgresTable(folder, "talks")
    run = t.cursor.execute
    began = time.perf_counter()
    run("DROP TABLE IF EXISTS talks, slides")
    run("CREATE TABLE talks (number int, title text, people text, topics text, abstract text, year int, series text)")
    run("CREATE TABLE slides (number int, text text)")
    for table in ("talks", "slides"):
        with open(f"{folder}/{table}.tsv", encoding="utf-8") as f:
            t.cursor.copy_expert(f"COPY {table} FROM STDIN", f)
    run(f"ALTER TABLE talks ADD tsv tsvector GENERATED ALWAYS AS ({TALKS}) STORED")
    run("ALTER TABLE slides ADD tsv tsvector GENERATED ALWAYS AS (to_tsvector('english', text)) STORED")
    for table in ("talks", "slides"):
        run(f"CREATE INDEX ON {table} USING gin (tsv)")
        run(f"VACUUM ANALYZE {table}")
    took = time.perf_counter() - began
    run("SELECT (SELECT count(*) FROM talks) + (SELECT count(*) FROM slides), pg_total_relation_size('talks') + pg_total_relation_size('slides')")
    count, size = t.cursor.fetchone()
    return count / took, int(size)


def postgres(folder, queries):
    binaries = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(p.split("/")[4]))
    if not binaries:
        return skipped("PostgreSQL", "no /usr/lib/postgresql (apt-get install postgresql)")
    try:
        import psycopg2 as _  # noqa: F401
    except ImportError:
        return skipped("PostgreSQL", "no python3-psycopg2 for " + sys.executable + " (apt-get install python3-psycopg2)")
    home = f"{folder}/pg"
    os.makedirs(home, exist_ok=True)
    user = []
    if os.getuid() == 0:  # PostgreSQL refuses to be run by root
        if not shutil.which("runuser"):
            return skipped("PostgreSQL", "root needs runuser (apt-get install util-linux)")
        user = ["runuser", "-u", "postgres", "--"]
        shutil.chown(home, "postgres")
    if not os.path.exists(f"{folder}/PostgreSQL.filled"):
        shutil.rmtree(f"{home}/data", ignore_errors=True)
        made = subprocess.run([*user, f"{binaries[-1]}/initdb", "-D", f"{home}/data", "-A", "trust", "-E", "UTF8", "--locale=C"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd="/", check=False)
        if made.returncode:
            return skipped("PostgreSQL", "initdb: " + made.stderr.strip()[-300:])
    server = subprocess.Popen([*user, f"{binaries[-1]}/postgres", "-D", f"{home}/data", "-c", "listen_addresses=", "-k", home,
                               "-c", "shared_buffers=512MB", "-c", "work_mem=64MB", "-c", "maintenance_work_mem=256MB", "-c", "max_wal_size=4GB"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
    try:
        for _ in range(100):
            try:
                PostgresTable(folder, "talks")
                break
            except Exception:  # not up yet; the next line meets it when it never is
                time.sleep(0.1)
        filled(folder, "PostgreSQL", postgres_fill)
        for table in tables(folder):
            t = PostgresTable(folder, table)
            for kind, list_ in queries.items():
                if kind in ("clients", "typo") or table == "slides" and kind == "facets":
                    continue
                timed("PostgreSQL", table, kind, list_, lambda words, k=kind: t.ask(k, words))
            crowd("PostgreSQL", table, queries["clients"], postgres_client, folder)
    finally:
        subprocess.run([*user, f"{binaries[-1]}/pg_ctl", "-D", f"{home}/data", "-m", "fast", "-w", "stop"],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", check=False)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGKILL)


def main():
    if len(sys.argv) != 2 or not os.path.isfile(f"{sys.argv[1]}/queries.json"):
        sys.exit("usage: peers.py FOLDER, which BenchmarkPeers makes")
    folder = os.path.abspath(sys.argv[1])
    with open(f"{folder}/queries.json", encoding="utf-8") as f:
        queries = json.load(f)
    xapian(folder, queries)
    postgres(folder, queries)


if __name__ == "__main__":
    main()
