import { Prisma } from '@/lib/db'

/** SQL: the column holds the researcher's id of somebody who is in no list, count, search or export. */
export const isConfidential = (researcherId: Prisma.Sql) =>
  Prisma.sql`coalesce(${researcherId} in (select researcher_id from person where confidential), false)`

/** As `isConfidential`, for a column with the person's id. */
export const isConfidentialPerson = (personId: Prisma.Sql) =>
  Prisma.sql`${personId} in (select id from person where confidential)`

/** For Prisma: whose entries no list shows. */
export const notConfidential = { person: { confidential: false } } as const
