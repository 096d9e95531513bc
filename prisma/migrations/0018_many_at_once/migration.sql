-- What Prisma's schema language cannot say. Written by hand.

-- Whom changed rows bear upon is told once for a statement, not once for each of its rows: many rows at a time took a
-- statement each. A row's own mark is still set as it is written, and those that somebody else has locked are passed by.
-- Lists, and no joins of what came with what went: a plan that was made for one row is kept for the statement with many.
CREATE FUNCTION "mark_conflicts"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  ids uuid[];
  numbers text[];
  heirs uuid[];
  wrong uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(id), array_agg(local_id), array_agg(merged_into_id) INTO ids, numbers, heirs
    FROM came WHERE local_id IS NOT NULL OR merged_into_id IS NOT NULL;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(id), array_agg(local_id), array_agg(merged_into_id) INTO ids, numbers, heirs
    FROM went WHERE local_id IS NOT NULL OR merged_into_id IS NOT NULL;
  ELSE
    SELECT array_agg(id), array_agg(local_id), array_agg(merged_into_id) INTO ids, numbers, heirs FROM (
      (SELECT id, local_id, merged_into_id, state FROM came EXCEPT SELECT id, local_id, merged_into_id, state FROM went)
      UNION ALL
      (SELECT id, local_id, merged_into_id, state FROM went EXCEPT SELECT id, local_id, merged_into_id, state FROM came)
    ) AS changed;
  END IF;
  IF ids IS NULL THEN RETURN NULL; END IF;
  wrong := ARRAY(
    SELECT r.id FROM researcher r
    WHERE (r.local_id = ANY (numbers) OR r.id = ANY (heirs) OR r.merged_into_id = ANY (ids)) AND r.conflict <> is_in_conflict(r)
    FOR NO KEY UPDATE SKIP LOCKED);
  -- An update of nothing would call all triggers all the same.
  IF wrong <> '{}' THEN UPDATE researcher SET conflict = NOT conflict WHERE id = ANY (wrong); END IF;
  RETURN NULL;
END $$;

DROP TRIGGER "researcher_conflict_new" ON "researcher";
DROP TRIGGER "researcher_conflict_changed" ON "researcher";
DROP TRIGGER "researcher_conflict_gone" ON "researcher";
DROP FUNCTION "mark_conflicts_beside"();
CREATE TRIGGER "researcher_conflict_new" AFTER INSERT ON "researcher" REFERENCING NEW TABLE AS came
  FOR EACH STATEMENT EXECUTE FUNCTION "mark_conflicts"();
CREATE TRIGGER "researcher_conflict_changed" AFTER UPDATE ON "researcher" REFERENCING OLD TABLE AS went NEW TABLE AS came
  FOR EACH STATEMENT EXECUTE FUNCTION "mark_conflicts"();
CREATE TRIGGER "researcher_conflict_gone" AFTER DELETE ON "researcher" REFERENCING OLD TABLE AS went
  FOR EACH STATEMENT EXECUTE FUNCTION "mark_conflicts"();

-- Those who withdrew lately, in other orders than that of withdrawing, are found without reading their rows.
DROP INDEX "researcher_by_withdrawn_idx";
CREATE INDEX "researcher_by_withdrawn_idx" ON "researcher" ("withdrawn_at", "id")
  INCLUDE ("state", "finding", "name", "orcid", "connected_at", "expires_at", "last_checked_at", "unanswered_since", "department", "conflict")
  WHERE "withdrawn_at" IS NOT NULL;
