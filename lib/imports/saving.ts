import 'server-only'
import type { Actor } from '@/lib/actor'
import { db } from '@/lib/db'
import { saveAffiliationsImport } from '@/lib/imports/saving-affiliations'
import { savePeopleImport, undoPeopleImport } from '@/lib/imports/saving-people'
import { undoAffiliationsImport } from '@/lib/imports/undoing-affiliations'

const isOfPeople = async (id: string) => (await db().import.count({ where: { id, kind: 'people' } })) > 0

/** Saves an import in one transaction. False if somebody else did, or if it was discarded. */
export const saveReadImport = async (actor: Actor, id: string, requestId?: string): Promise<boolean> =>
  (await isOfPeople(id)) ? savePeopleImport(actor, id) : saveAffiliationsImport(actor, id, requestId)

/** Undoes a saved import in one transaction. What was changed since stays as it is. */
export const undoSavedImport = async (actor: Actor, id: string, requestId?: string): Promise<void> =>
  (await isOfPeople(id)) ? undoPeopleImport(actor, id, requestId) : undoAffiliationsImport(actor, id, requestId)
