-- CreateEnum
CREATE TYPE "tally_kind" AS ENUM ('standing', 'department', 'connected', 'withdrawn', 'attempt');

-- CreateTable
CREATE TABLE "tally" (
    "id" BIGSERIAL NOT NULL,
    "kind" "tally_kind" NOT NULL,
    "day" DATE,
    "key" JSONB NOT NULL DEFAULT '{}',
    "delta" INTEGER NOT NULL,

    CONSTRAINT "tally_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "tally_kind_day_idx" ON "tally"("kind", "day");

-- A text as it is searched: in any script, without accents and case. Bound to what it calls when it is made, so that it
-- means the same whatever the search path is, while a backup is restored for example. The marks that are taken off are
-- those of Latin, Greek and Cyrillic, the points of Hebrew and those of Arabic: in other scripts marks are letters.
CREATE EXTENSION IF NOT EXISTS "unaccent";
CREATE FUNCTION "fold"(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN translate(lower(unaccent('unaccent'::regdictionary,
    regexp_replace(normalize($1, NFKD), '[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u0652]', '', 'g'))
    COLLATE "und-x-icu"), 'ς’ʼ', 'σ''''');

-- What LIKE finds a text with, wherever it stands in a folded one.
CREATE FUNCTION "search_pattern"(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN '%' || regexp_replace(fold($1), '([\\%_])', '\\\1', 'g') || '%';

-- All parts of one and two letters: what a search for so little is answered by, which trigrams cannot. The pairs that
-- begin at odd places, those that begin at even ones, and the letters.
CREATE FUNCTION "short_parts"(text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN array_remove(string_to_array(regexp_replace($1, '(..)', '\1' || chr(31), 'g') || chr(31)
    || regexp_replace(substr($1, 2), '(..)', '\1' || chr(31), 'g'), chr(31)) || string_to_array($1, NULL), '');

-- AlterTable
ALTER TABLE "researcher" ADD COLUMN "department" TEXT,
ADD COLUMN "local_id" TEXT,
ADD COLUMN "conflict" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN "search_text" TEXT GENERATED ALWAYS AS (fold(coalesce("name", '') || ' ' || "orcid")) STORED;

-- One page of the list, in whichever order, is a stretch of one of these. They hold what the list filters on, so that
-- rows are looked up for those on the page alone. Their conditions are worded as the list words them, or PostgreSQL
-- would not know them again. Names of one script are beside one another in the order of names, so that a search in that
-- order may have to walk past all those of another.
DROP INDEX "researcher_connected_at_id_idx";
DROP INDEX "researcher_expires_at_id_idx";
DROP INDEX "researcher_name_sort_idx";
DROP INDEX "researcher_nameless_idx";
CREATE INDEX "researcher_by_connected_idx" ON "researcher" ("connected_at", "id")
  INCLUDE ("state", "finding", "expires_at", "withdrawn_at", "last_checked_at", "unanswered_since", "department", "conflict")
  WHERE "connected_at" IS NOT NULL;
CREATE INDEX "researcher_by_expires_idx" ON "researcher" ("expires_at", "id")
  INCLUDE ("state", "finding", "connected_at", "withdrawn_at", "last_checked_at", "unanswered_since", "department", "conflict")
  WHERE "expires_at" IS NOT NULL;
CREATE INDEX "researcher_by_checked_idx" ON "researcher" ("last_checked_at", "id")
  INCLUDE ("state", "finding", "connected_at", "expires_at", "withdrawn_at", "unanswered_since", "department", "conflict", "live_scopes")
  WHERE "last_checked_at" IS NOT NULL;
CREATE INDEX "researcher_by_name_idx" ON "researcher" ("name" COLLATE "und-x-icu", "id")
  INCLUDE ("state", "finding", "connected_at", "expires_at", "withdrawn_at", "last_checked_at", "unanswered_since", "department", "conflict", "search_text")
  WHERE "name" COLLATE "und-x-icu" IS NOT NULL;
CREATE INDEX "researcher_by_orcid_idx" ON "researcher" ("orcid")
  INCLUDE ("id", "state", "finding", "connected_at", "expires_at", "withdrawn_at", "last_checked_at", "unanswered_since", "department", "conflict")
  WHERE "orcid" IS NOT NULL;
CREATE INDEX "researcher_unconnected_idx" ON "researcher" ("id")
  INCLUDE ("state", "finding", "withdrawn_at", "last_checked_at", "unanswered_since", "department", "conflict")
  WHERE "connected_at" IS NULL;
CREATE INDEX "researcher_endless_idx" ON "researcher" ("id")
  INCLUDE ("state", "finding", "withdrawn_at", "last_checked_at", "unanswered_since", "department", "conflict")
  WHERE "expires_at" IS NULL;
CREATE INDEX "researcher_unchecked_idx" ON "researcher" ("id")
  INCLUDE ("state", "finding", "connected_at", "expires_at", "withdrawn_at", "unanswered_since", "department", "conflict")
  WHERE "last_checked_at" IS NULL;
CREATE INDEX "researcher_nameless_idx" ON "researcher" ("id")
  INCLUDE ("state", "finding", "connected_at", "expires_at", "withdrawn_at", "last_checked_at", "unanswered_since", "department", "conflict")
  WHERE "name" COLLATE "und-x-icu" IS NULL;

-- Whom few are like.
CREATE INDEX "researcher_local_id_idx" ON "researcher" ("local_id");
CREATE INDEX "researcher_department_id_idx" ON "researcher" ("department", "id");
CREATE INDEX "researcher_withdrawn_at_id_idx" ON "researcher" ("withdrawn_at", "id");
CREATE INDEX "researcher_state_checked_idx" ON "researcher" ("state", "last_checked_at", "id")
  INCLUDE ("finding", "connected_at", "expires_at", "withdrawn_at", "unanswered_since", "department", "conflict", "live_scopes")
  WHERE "last_checked_at" IS NOT NULL;
DROP INDEX "researcher_finding_idx";
CREATE INDEX "researcher_finding_idx" ON "researcher" ("finding", "id")
  INCLUDE ("state", "name", "orcid", "connected_at", "expires_at", "withdrawn_at", "last_checked_at", "department", "conflict", "unanswered_since") WHERE "finding" <> 'good';
DROP INDEX "researcher_unanswered_idx";
CREATE INDEX "researcher_unanswered_idx" ON "researcher" ("unanswered_since", "id")
  INCLUDE ("state", "name", "orcid", "connected_at", "expires_at", "withdrawn_at", "last_checked_at", "department", "conflict", "finding") WHERE "unanswered_since" IS NOT NULL;
CREATE INDEX "researcher_conflict_idx" ON "researcher" ("id")
  INCLUDE ("state", "name", "orcid", "connected_at", "expires_at", "withdrawn_at", "last_checked_at", "department", "finding", "unanswered_since") WHERE "conflict";
CREATE INDEX "researcher_unasked_idx" ON "researcher" ("id")
  INCLUDE ("state", "name", "orcid", "connected_at", "expires_at", "withdrawn_at", "last_checked_at", "department", "conflict", "unanswered_since", "finding")
  WHERE "state" IN ('connected', 'identity_only') AND "finding" IS NULL;

-- Most of what is live is well, and nothing else is: counted apart, they would be expected to mix.
CREATE STATISTICS "researcher_standing_statistics" (mcv) ON "state", "finding", "conflict" FROM "researcher";

-- Entered at once: a list of pending entries would make every search slow until the next vacuum.
-- The last twenty letters are a space and the iD.
DROP INDEX "researcher_search_idx";
CREATE INDEX "researcher_search_idx" ON "researcher" USING gin ("search_text" gin_trgm_ops) WITH (fastupdate = off);
CREATE INDEX "researcher_short_search_idx" ON "researcher" USING gin (short_parts("left"("search_text", -20))) WITH (fastupdate = off);

-- Whether a search is answered by an index or by walking the list is told by how many it will find.
ALTER TABLE "researcher" ALTER COLUMN "search_text" SET STATISTICS 400;
ALTER INDEX "researcher_short_search_idx" ALTER COLUMN 1 SET STATISTICS 400;

-- Who is in conflict is told by other rows as well. The row's own mark is set as it is written; those that it bears upon
-- follow, but for those that somebody else has locked: whoever connects must not wait for them, and a job catches up.
CREATE FUNCTION "is_in_conflict"(r "researcher") RETURNS boolean LANGUAGE sql SET search_path = public, pg_temp AS $$
  SELECT r.finding IS NOT DISTINCT FROM 'wrong_record'
    OR EXISTS (SELECT FROM researcher o WHERE o.local_id = r.local_id AND o.id <> r.id)
    OR (r.state IN ('connected', 'identity_only') AND EXISTS (
      SELECT FROM researcher o WHERE o.id <> r.id AND o.state IN ('connected', 'identity_only')
        AND (o.id = r.merged_into_id OR o.merged_into_id = r.id)))
$$;

CREATE FUNCTION "mark_conflict"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  NEW.conflict := is_in_conflict(NEW);
  RETURN NEW;
END $$;

CREATE FUNCTION "mark_conflicts_beside"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE researcher SET conflict = NOT conflict WHERE id IN (
    SELECT r.id FROM researcher r
    WHERE r.id IS DISTINCT FROM NEW.id AND r.conflict <> is_in_conflict(r)
      AND (r.local_id IN (OLD.local_id, NEW.local_id) OR r.id IN (OLD.merged_into_id, NEW.merged_into_id)
        OR r.merged_into_id = NEW.id)
    FOR NO KEY UPDATE SKIP LOCKED);
  RETURN NULL;
END $$;

CREATE TRIGGER "researcher_conflict" BEFORE INSERT OR UPDATE OF "state", "finding", "local_id", "merged_into_id", "conflict"
  ON "researcher" FOR EACH ROW EXECUTE FUNCTION "mark_conflict"();
CREATE TRIGGER "researcher_conflict_new" AFTER INSERT ON "researcher" FOR EACH ROW
  WHEN (NEW."local_id" IS NOT NULL OR NEW."merged_into_id" IS NOT NULL) EXECUTE FUNCTION "mark_conflicts_beside"();
CREATE TRIGGER "researcher_conflict_changed" AFTER UPDATE OF "state", "local_id", "merged_into_id" ON "researcher" FOR EACH ROW
  WHEN (NEW."state" <> OLD."state" OR NEW."local_id" IS DISTINCT FROM OLD."local_id"
    OR NEW."merged_into_id" IS DISTINCT FROM OLD."merged_into_id") EXECUTE FUNCTION "mark_conflicts_beside"();
CREATE TRIGGER "researcher_conflict_gone" AFTER DELETE ON "researcher" FOR EACH ROW
  WHEN (OLD."local_id" IS NOT NULL OR OLD."merged_into_id" IS NOT NULL) EXECUTE FUNCTION "mark_conflicts_beside"();

-- What one row counts for.
CREATE FUNCTION "researcher_tallies"(
  state "researcher_state", finding "finding", scopes text[], conflict boolean, unanswered_since timestamptz,
  department text, connected_at timestamptz, withdrawn_at timestamptz
) RETURNS TABLE ("kind" "tally_kind", "day" date, "key" jsonb) LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT 'standing'::tally_kind, NULL::date, jsonb_build_object('state', $1, 'finding', $2, 'scopes', $3, 'conflict', $4,
    'unanswered', $5 IS NOT NULL)
  UNION ALL SELECT 'department', NULL, jsonb_build_object('department', $6, 'state', $1)
  UNION ALL SELECT 'connected', ($7 AT TIME ZONE 'UTC')::date, '{}' WHERE $7 IS NOT NULL
  UNION ALL SELECT 'withdrawn', ($8 AT TIME ZONE 'UTC')::date, '{}' WHERE $8 IS NOT NULL
$$;
CREATE FUNCTION "attempt_tally_key"(purpose "attempt_purpose", outcome "attempt_outcome") RETURNS jsonb
  LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object('purpose', $1, 'outcome', coalesce($2::text, 'under_way'))
$$;

-- They act as the owner of the schema, as those of the ledger do: a portal of before this migration goes on working.
CREATE FUNCTION "tally_researchers"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO tally (kind, day, key, delta)
    SELECT t.kind, t.day, t.key, count(*) FROM came r, researcher_tallies(r.state, r.finding, r.live_scopes, r.conflict,
      r.unanswered_since, r.department, r.connected_at, r.withdrawn_at) t GROUP BY 1, 2, 3;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO tally (kind, day, key, delta)
    SELECT t.kind, t.day, t.key, -count(*) FROM went r, researcher_tallies(r.state, r.finding, r.live_scopes, r.conflict,
      r.unanswered_since, r.department, r.connected_at, r.withdrawn_at) t GROUP BY 1, 2, 3;
  ELSE
    INSERT INTO tally (kind, day, key, delta)
    SELECT t.kind, t.day, t.key, sum(r.delta)
    FROM (SELECT 1 AS delta, * FROM came UNION ALL SELECT -1, * FROM went) r, researcher_tallies(r.state, r.finding,
      r.live_scopes, r.conflict, r.unanswered_since, r.department, r.connected_at, r.withdrawn_at) t
    GROUP BY 1, 2, 3 HAVING sum(r.delta) <> 0;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER "researcher_came_tally" AFTER INSERT ON "researcher" REFERENCING NEW TABLE AS came
  FOR EACH STATEMENT EXECUTE FUNCTION "tally_researchers"();
CREATE TRIGGER "researcher_changed_tally" AFTER UPDATE ON "researcher" REFERENCING OLD TABLE AS went NEW TABLE AS came
  FOR EACH STATEMENT EXECUTE FUNCTION "tally_researchers"();
CREATE TRIGGER "researcher_went_tally" AFTER DELETE ON "researcher" REFERENCING OLD TABLE AS went
  FOR EACH STATEMENT EXECUTE FUNCTION "tally_researchers"();

CREATE FUNCTION "tally_attempts"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO tally (kind, day, key, delta)
    SELECT 'attempt', (a.started_at AT TIME ZONE 'UTC')::date, attempt_tally_key(a.purpose, a.outcome), count(*)
    FROM came a GROUP BY 2, 3;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO tally (kind, day, key, delta)
    SELECT 'attempt', (a.started_at AT TIME ZONE 'UTC')::date, attempt_tally_key(a.purpose, a.outcome), -count(*)
    FROM went a GROUP BY 2, 3;
  ELSE
    INSERT INTO tally (kind, day, key, delta)
    SELECT 'attempt', (a.started_at AT TIME ZONE 'UTC')::date, attempt_tally_key(a.purpose, a.outcome), sum(a.delta)
    FROM (SELECT 1 AS delta, * FROM came UNION ALL SELECT -1, * FROM went) a GROUP BY 2, 3 HAVING sum(a.delta) <> 0;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER "attempt_came_tally" AFTER INSERT ON "authorization_attempt" REFERENCING NEW TABLE AS came
  FOR EACH STATEMENT EXECUTE FUNCTION "tally_attempts"();
CREATE TRIGGER "attempt_changed_tally" AFTER UPDATE ON "authorization_attempt" REFERENCING OLD TABLE AS went NEW TABLE AS came
  FOR EACH STATEMENT EXECUTE FUNCTION "tally_attempts"();
CREATE TRIGGER "attempt_went_tally" AFTER DELETE ON "authorization_attempt" REFERENCING OLD TABLE AS went
  FOR EACH STATEMENT EXECUTE FUNCTION "tally_attempts"();

-- Who is here already. Nobody else writes until this migration is done: making the triggers keeps them out.
UPDATE "researcher" SET "conflict" = true WHERE is_in_conflict("researcher");
DELETE FROM "tally";
INSERT INTO "tally" ("kind", "day", "key", "delta")
SELECT t.kind, t.day, t.key, count(*) FROM "researcher" r, researcher_tallies(r.state, r.finding, r.live_scopes, r.conflict,
  r.unanswered_since, r.department, r.connected_at, r.withdrawn_at) t GROUP BY 1, 2, 3;
INSERT INTO "tally" ("kind", "day", "key", "delta")
SELECT 'attempt', (started_at AT TIME ZONE 'UTC')::date, attempt_tally_key(purpose, outcome), count(*)
FROM "authorization_attempt" GROUP BY 2, 3;
