import type { StaffActor } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { type BulkAction, bulkActions } from '@/lib/people/batch'
import { type Ability, may } from '@/lib/staff/abilities'

const needs: Record<BulkAction, Ability> = {
  export: 'exportPeople',
  bind: 'decideIdentity',
  mark_leaving: 'changeMany',
  add_items: 'changeMany',
}

/** What the actor may do with several people at once. */
export const listBulkActions = (actor: StaffActor): BulkAction[] =>
  bulkActions.filter((action) => may(actor, needs[action]) && (action !== 'add_items' || env().orcid.api === 'member'))
