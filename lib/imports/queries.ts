import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { db, type Prisma } from '@/lib/db'
import type { Verdict } from '@/lib/imports/import'

const person = { select: { id: true, name: true, orcid: true } } as const

const shown = {
  id: true,
  kind: true,
  fileName: true,
  complete: true,
  state: true,
  fault: true,
  faultDetail: true,
  header: true,
  mapping: true,
  encoding: true,
  encodingIsSure: true,
  example: true,
  dateOrder: true,
  dateOrders: true,
  otherSheets: true,
  counts: true,
  doubts: true,
  progress: true,
  rows: true,
  madeAt: true,
  madeBy: person,
  savedBy: person,
  confirmedBy: person,
  saveAskedAt: true,
  savedAt: true,
  effectiveAt: true,
  undoneAt: true,
} satisfies Prisma.ImportSelect

export type ShownImport = Prisma.ImportGetPayload<{ select: typeof shown }>

/** An import without its file and rows; null if there is none. */
export function findImport(_actor: StaffActor, id: string): Promise<ShownImport | null> {
  return db().import.findUnique({ where: { id }, select: shown })
}

/** The latest imports of everybody, newest first. */
export function listImports(_actor: StaffActor, most: number): Promise<ShownImport[]> {
  return db().import.findMany({ orderBy: [{ madeAt: 'desc' }, { id: 'asc' }], take: most, select: shown })
}

export const importPageSize = 50

/** Rows with one verdict, by line, from the line after `after`; one more than a page where there are more. */
export function listImportRows(_actor: StaffActor, importId: string, verdict: Verdict, after: number) {
  return db().importRow.findMany({
    where: { importId, verdict, line: { gt: after } },
    orderBy: { line: 'asc' },
    take: importPageSize + 1,
    omit: { importId: true },
  })
}

export type ShownImportRow = Awaited<ReturnType<typeof listImportRows>>[number]

const refusedMax = 150_000

/** All refused rows with their faults, for the file in which they are mended. */
export function listRefusedRows(_actor: StaffActor, importId: string) {
  return db().importRow.findMany({
    where: { importId, verdict: 'refused' },
    orderBy: { line: 'asc' },
    take: refusedMax,
    select: { line: true, fields: true, faults: true },
  })
}
