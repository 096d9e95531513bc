import 'server-only'
import { z } from 'zod'
import { proposePerson } from '@/lib/people/proposing'

const proposePayload = z.object({ researcherId: z.guid(), tries: z.coerce.number().int().default(1) })

/** Enqueued by `matchToRoster` for an iD that the roster does not have. */
export const peopleJobs = {
  handlers: {
    'propose-person': async (payload: Record<string, unknown>) => {
      const { researcherId, tries } = proposePayload.parse(payload)
      await proposePerson(researcherId, tries)
    },
  },
  timetable: '',
}
