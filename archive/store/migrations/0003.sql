-- Two editions, talks or series that turned out to be one: the one given up
-- keeps its row, its readings and what was decided of it, so that undoing the
-- merge finds all as it was.
ALTER TABLE series ADD COLUMN merged INTEGER REFERENCES series;
ALTER TABLE edition ADD COLUMN merged INTEGER REFERENCES edition;
ALTER TABLE edition ADD COLUMN home INTEGER REFERENCES series; -- the series it is of while that one is merged into another
ALTER TABLE talk ADD COLUMN merged INTEGER REFERENCES talk;
ALTER TABLE talk ADD COLUMN home INTEGER REFERENCES edition; -- the edition it is of while that one is merged into another
CREATE INDEX series_merged ON series (merged) WHERE merged IS NOT NULL;
CREATE INDEX edition_merged ON edition (merged) WHERE merged IS NOT NULL;
CREATE INDEX edition_home ON edition (home) WHERE home IS NOT NULL;
CREATE INDEX talk_merged ON talk (merged) WHERE merged IS NOT NULL;
CREATE INDEX talk_home ON talk (home) WHERE home IS NOT NULL;
CREATE INDEX person_veiled ON person (n) WHERE veiled = 1;
