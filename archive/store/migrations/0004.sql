-- What is counted of talks stands behind their abstracts in the row: counting
-- by the row reads all of them, counting by these reads none.
CREATE INDEX talk_counted ON talk (edition, hidden, given);
CREATE INDEX talk_hidden ON talk (n) WHERE hidden = 1;
