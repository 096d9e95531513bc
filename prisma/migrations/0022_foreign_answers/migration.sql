-- AlterTable
ALTER TABLE "authorization_attempt" ADD COLUMN     "recovery_tries" SMALLINT NOT NULL DEFAULT 0,
ADD COLUMN     "next_recovery_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "foreign_answer" (
    "endpoint" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "status" SMALLINT NOT NULL,
    "content_type" TEXT,
    "server" TEXT,
    "title" TEXT,

    CONSTRAINT "foreign_answer_pkey" PRIMARY KEY ("endpoint")
);
