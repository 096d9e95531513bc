-- AlterEnum
ALTER TYPE "attempt_purpose" ADD VALUE 'narrow';
ALTER TYPE "attempt_purpose" ADD VALUE 'narrow_in_place';

-- AlterEnum
ALTER TYPE "attempt_outcome" ADD VALUE 'narrowed';
ALTER TYPE "attempt_outcome" ADD VALUE 'answer_lost';

-- AlterTable
ALTER TABLE "authorization_attempt" ADD COLUMN "narrows_grant_id" UUID;

-- CreateIndex
CREATE INDEX "authorization_attempt_narrows_grant_id_idx" ON "authorization_attempt"("narrows_grant_id");

-- One at a time: of two that run side by side, one would present a refresh token that the other has used up.
CREATE UNIQUE INDEX "authorization_attempt_one_narrowing_idx" ON "authorization_attempt"("narrows_grant_id")
WHERE "state" IN ('exchanging', 'recovering');

-- AddForeignKey
ALTER TABLE "authorization_attempt" ADD CONSTRAINT "authorization_attempt_narrows_grant_id_fkey" FOREIGN KEY ("narrows_grant_id") REFERENCES "grant"("id") ON DELETE SET NULL ON UPDATE CASCADE;
