import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { daysAgo } from '@/lib/config/day'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { visibilityKey } from '@/lib/list/visible'
import { attentionActions, attentionItems, changeAttention } from '@/lib/staff/attention'

const putOffDaysMax = 90

const fields = z.object({
  item: z.enum(attentionItems),
  action: z.enum(attentionActions),
  to: z.literal('overview').optional(),
  /** How many there were on the page, and when they were counted. */
  count: z.coerce.number().int().min(0).max(1_000_000_000).default(0),
  seen: z.iso.datetime().optional(),
  until: z.string().optional(),
  from: z.uuid().optional(),
})

/** Somebody takes what needs somebody, gives it back, is done with it, puts it off or looks at it again. */
export const POST = formRoute('write', fields, async (input, { requestId }) => {
  const actor = await requireStaff('takeAttention')
  const { item, action, to, count, seen, from = null } = input
  const now = new Date()
  const page = to ? '/staff' : '/staff/attention'
  const until = z.iso.date().safeParse(input.until).data ?? null
  const isDay = until !== null && until > daysAgo(0, now) && until <= daysAgo(-putOffDaysMax, now)
  if (action === 'put_off' && !isDay) return seeOther('/staff/attention?note=day')
  const at = new Date(Math.min(seen ? Date.parse(seen) : now.getTime(), now.getTime()))
  const change = { scope: visibilityKey(actor), item, action, seen: { count, at }, from, requestId }
  const changed = await changeAttention(actor, { ...change, until: action === 'put_off' ? until : null })
  return seeOther(changed ? page : '/staff/attention?note=taken')
})
