import { defineConfig } from 'prisma/config'

/** For operators who use Prisma's own CLI (`prisma migrate deploy`); `npm run migrate` needs no download. */
export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.MIGRATE_DATABASE_URL ?? process.env.DATABASE_URL ?? '' },
})
