-- CreateEnum
CREATE TYPE "replica_kind" AS ENUM ('portal', 'worker');

-- CreateTable
CREATE TABLE "replica" (
    "id" UUID NOT NULL,
    "kind" "replica_kind" NOT NULL,
    "keys" TEXT[],
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "replica_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sealed_key" (
    "key_id" TEXT NOT NULL,
    "rows" INTEGER NOT NULL,
    "counted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sealed_key_pkey" PRIMARY KEY ("key_id")
);
