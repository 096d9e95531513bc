-- CreateTable
CREATE TABLE "note" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "researcher_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "text" TEXT,
    "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "note_pkey" PRIMARY KEY ("id"),
    -- A note that was removed says nothing any more, and one that was not says something.
    CONSTRAINT "note_text_check" CHECK (("text" IS NULL) = ("removed_at" IS NOT NULL)),
    CONSTRAINT "note_text_length_check" CHECK (char_length("text") BETWEEN 1 AND 2000)
);

-- CreateIndex
CREATE INDEX "note_researcher_id_added_at_id_idx" ON "note"("researcher_id", "added_at", "id");

-- CreateIndex
CREATE INDEX "note_author_id_idx" ON "note"("author_id");

-- CreateIndex
CREATE INDEX "note_removed_at_idx" ON "note"("removed_at");

-- AddForeignKey
ALTER TABLE "note" ADD CONSTRAINT "note_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "note" ADD CONSTRAINT "note_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What was written down about one trip, and by one request: looked up by the reference that somebody quotes.
-- CreateIndex
CREATE INDEX "audit_event_attempt_id_idx" ON "audit_event"("attempt_id");

-- CreateIndex
CREATE INDEX "audit_event_request_id_idx" ON "audit_event"("request_id");
