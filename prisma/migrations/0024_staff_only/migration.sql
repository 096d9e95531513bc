-- AlterTable
ALTER TABLE "researcher" ADD COLUMN "staff_only" BOOLEAN NOT NULL DEFAULT false;

-- What Prisma's schema language cannot say. Written by hand.

-- Whether somebody is on the team and has never permitted more than their iD: they sign in to work here and are not
-- counted among the researchers.
CREATE FUNCTION "is_staff_only"(r "researcher") RETURNS boolean LANGUAGE sql SET search_path = public, pg_temp AS $$
  SELECT r.state <> 'connected'
    AND EXISTS (SELECT FROM staff_member s WHERE s.orcid = r.orcid AND s.ended_at IS NULL)
    AND NOT EXISTS (
      SELECT FROM "grant" g WHERE g.researcher_id = r.id AND NOT g.scopes <@ ARRAY['openid', '/authenticate', '/read-public'])
$$;

CREATE FUNCTION "mark_staff_only"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  NEW.staff_only := is_staff_only(NEW);
  RETURN NEW;
END $$;

CREATE FUNCTION "mark_staff_member_only"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE researcher r SET staff_only = NOT staff_only WHERE r.orcid = NEW.orcid AND r.staff_only <> is_staff_only(r);
  RETURN NULL;
END $$;

CREATE TRIGGER "researcher_staff_only" BEFORE INSERT OR UPDATE OF "state" ON "researcher" FOR EACH ROW
  WHEN (NEW."state" <> 'connected' OR NEW."staff_only") EXECUTE FUNCTION "mark_staff_only"();
CREATE TRIGGER "staff_member_staff_only" AFTER INSERT OR UPDATE OF "ended_at" ON "staff_member" FOR EACH ROW
  EXECUTE FUNCTION "mark_staff_member_only"();

-- The tallies leave them out.
CREATE OR REPLACE FUNCTION "tally_researchers"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO tally (kind, day, key, delta)
    SELECT t.kind, t.day, t.key, count(*) FROM came r, researcher_tallies(r.state, r.finding, r.live_scopes, r.conflict,
      r.unanswered_since, r.department, r.connected_at, r.withdrawn_at) t WHERE NOT r.staff_only GROUP BY 1, 2, 3;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO tally (kind, day, key, delta)
    SELECT t.kind, t.day, t.key, -count(*) FROM went r, researcher_tallies(r.state, r.finding, r.live_scopes, r.conflict,
      r.unanswered_since, r.department, r.connected_at, r.withdrawn_at) t WHERE NOT r.staff_only GROUP BY 1, 2, 3;
  ELSE
    INSERT INTO tally (kind, day, key, delta)
    SELECT t.kind, t.day, t.key, sum(r.delta)
    FROM (SELECT 1 AS delta, * FROM came UNION ALL SELECT -1, * FROM went) r, researcher_tallies(r.state, r.finding,
      r.live_scopes, r.conflict, r.unanswered_since, r.department, r.connected_at, r.withdrawn_at) t
    WHERE NOT r.staff_only GROUP BY 1, 2, 3 HAVING sum(r.delta) <> 0;
  END IF;
  RETURN NULL;
END $$;

-- Who is here already; the trigger takes them out of the tallies.
UPDATE "researcher" r SET "staff_only" = true
WHERE r."orcid" IN (SELECT "orcid" FROM "staff_member" WHERE "ended_at" IS NULL) AND is_staff_only(r);

-- The list leaves them out: its indexes hold all that it filters on, so that no row is looked up for that.
DROP INDEX "researcher_by_connected_idx";
CREATE INDEX "researcher_by_connected_idx" ON "researcher" ("connected_at", "id")
  INCLUDE ("state", "finding", "expires_at", "withdrawn_at", "last_checked_at", "unanswered_since", "department", "conflict", "staff_only")
  WHERE "connected_at" IS NOT NULL;
DROP INDEX "researcher_by_expires_idx";
CREATE INDEX "researcher_by_expires_idx" ON "researcher" ("expires_at", "id")
  INCLUDE ("state", "finding", "connected_at", "withdrawn_at", "last_checked_at", "unanswered_since", "department", "conflict", "staff_only")
  WHERE "expires_at" IS NOT NULL;
DROP INDEX "researcher_by_checked_idx";
CREATE INDEX "researcher_by_checked_idx" ON "researcher" ("last_checked_at", "id")
  INCLUDE ("state", "finding", "connected_at", "expires_at", "withdrawn_at", "unanswered_since", "department", "conflict", "staff_only", "live_scopes")
  WHERE "last_checked_at" IS NOT NULL;
DROP INDEX "researcher_by_name_idx";
CREATE INDEX "researcher_by_name_idx" ON "researcher" ("name" COLLATE "und-x-icu", "id")
  INCLUDE ("state", "finding", "connected_at", "expires_at", "withdrawn_at", "last_checked_at", "unanswered_since", "department", "conflict", "staff_only", "search_text")
  WHERE "name" COLLATE "und-x-icu" IS NOT NULL;
DROP INDEX "researcher_by_orcid_idx";
CREATE INDEX "researcher_by_orcid_idx" ON "researcher" ("orcid")
  INCLUDE ("id", "state", "finding", "connected_at", "expires_at", "withdrawn_at", "last_checked_at", "unanswered_since", "department", "conflict", "staff_only")
  WHERE "orcid" IS NOT NULL;
DROP INDEX "researcher_unconnected_idx";
CREATE INDEX "researcher_unconnected_idx" ON "researcher" ("id")
  INCLUDE ("state", "finding", "withdrawn_at", "last_checked_at", "unanswered_since", "department", "conflict", "staff_only")
  WHERE "connected_at" IS NULL;
DROP INDEX "researcher_endless_idx";
CREATE INDEX "researcher_endless_idx" ON "researcher" ("id")
  INCLUDE ("state", "finding", "withdrawn_at", "last_checked_at", "unanswered_since", "department", "conflict", "staff_only")
  WHERE "expires_at" IS NULL;
DROP INDEX "researcher_unchecked_idx";
CREATE INDEX "researcher_unchecked_idx" ON "researcher" ("id")
  INCLUDE ("state", "finding", "connected_at", "expires_at", "withdrawn_at", "unanswered_since", "department", "conflict", "staff_only")
  WHERE "last_checked_at" IS NULL;
DROP INDEX "researcher_nameless_idx";
CREATE INDEX "researcher_nameless_idx" ON "researcher" ("id")
  INCLUDE ("state", "finding", "connected_at", "expires_at", "withdrawn_at", "last_checked_at", "unanswered_since", "department", "conflict", "staff_only")
  WHERE "name" COLLATE "und-x-icu" IS NULL;
DROP INDEX "researcher_state_checked_idx";
CREATE INDEX "researcher_state_checked_idx" ON "researcher" ("state", "last_checked_at", "id")
  INCLUDE ("finding", "connected_at", "expires_at", "withdrawn_at", "unanswered_since", "department", "conflict", "staff_only", "live_scopes")
  WHERE "last_checked_at" IS NOT NULL;
DROP INDEX "researcher_finding_idx";
CREATE INDEX "researcher_finding_idx" ON "researcher" ("finding", "id")
  INCLUDE ("state", "name", "orcid", "connected_at", "expires_at", "withdrawn_at", "last_checked_at", "department", "conflict", "staff_only", "unanswered_since") WHERE "finding" <> 'good';
DROP INDEX "researcher_unanswered_idx";
CREATE INDEX "researcher_unanswered_idx" ON "researcher" ("unanswered_since", "id")
  INCLUDE ("state", "name", "orcid", "connected_at", "expires_at", "withdrawn_at", "last_checked_at", "department", "conflict", "staff_only", "finding") WHERE "unanswered_since" IS NOT NULL;
DROP INDEX "researcher_conflict_idx";
CREATE INDEX "researcher_conflict_idx" ON "researcher" ("id")
  INCLUDE ("state", "name", "orcid", "connected_at", "expires_at", "withdrawn_at", "last_checked_at", "department", "finding", "unanswered_since", "staff_only") WHERE "conflict";
DROP INDEX "researcher_unasked_idx";
CREATE INDEX "researcher_unasked_idx" ON "researcher" ("id")
  INCLUDE ("state", "name", "orcid", "connected_at", "expires_at", "withdrawn_at", "last_checked_at", "department", "conflict", "staff_only", "unanswered_since", "finding")
  WHERE "state" IN ('connected', 'identity_only') AND "finding" IS NULL;
DROP INDEX "researcher_by_withdrawn_idx";
CREATE INDEX "researcher_by_withdrawn_idx" ON "researcher" ("withdrawn_at", "id")
  INCLUDE ("state", "finding", "name", "orcid", "connected_at", "expires_at", "last_checked_at", "unanswered_since", "department", "conflict", "staff_only")
  WHERE "withdrawn_at" IS NOT NULL;
