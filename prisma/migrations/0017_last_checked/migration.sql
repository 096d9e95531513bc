-- When somebody was checked last is told by what they permit now, as long as they permit something.
UPDATE "researcher" SET "last_checked_at" = "live"."last_checked_at"
FROM (
  SELECT "researcher_id", max("last_checked_at") AS "last_checked_at" FROM "grant" WHERE "state" = 'live' GROUP BY "researcher_id"
) AS "live"
WHERE "researcher"."id" = "live"."researcher_id"
  AND "researcher"."last_checked_at" IS DISTINCT FROM "live"."last_checked_at";
