import { z } from 'zod'
import { type InvitedFilters, parseInvitedFilters, toInvitedParameters } from '@/lib/campaigns/invited'

/** What the forms of the opening say of a reminder: whom it is for, as the filters of the list. */
export const remindFields = {
  remind: z.literal('yes').optional(),
  q: z.string().max(200).optional(),
  state: z.string().max(40).optional(),
  department: z.string().max(200).optional(),
  kind: z.string().max(40).optional(),
}

type Form = { [name in keyof typeof remindFields]?: string | undefined }

/** Whom a reminder is for, or null where the form is about something else. */
export const readReminder = ({ remind, q, state, department, kind }: Form): InvitedFilters | null =>
  remind ? parseInvitedFilters({ q, state, department, kind }) : null

type Plan = { step?: string | undefined; correction?: string | undefined; filters: InvitedFilters | null }

/** The address of a plan, with what to say there: a note, or what became of a test mail. */
export function toPlanQuery(
  { step, correction, filters }: Plan,
  said: { note: string } | { test: string },
): URLSearchParams {
  const query = filters ? toInvitedParameters(filters) : new URLSearchParams()
  if (filters) query.set('remind', 'yes')
  if (step) query.set('step', step)
  if (correction) query.set('correction', correction)
  for (const [name, value] of Object.entries(said)) query.set(name, value)
  return query
}
