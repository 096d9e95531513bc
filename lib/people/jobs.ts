import 'server-only'
import { z } from 'zod'
import { proposeForNewPeople, proposePerson } from '@/lib/people/proposing'

const proposePayload = z.object({ researcherId: z.guid(), tries: z.coerce.number().int().default(1) })

/** Enqueued for iDs that the roster does not have, when they come and when people are added. */
export const peopleJobs = {
  handlers: {
    'propose-person': async (payload: Record<string, unknown>) => {
      const { researcherId, tries } = proposePayload.parse(payload)
      await proposePerson(researcherId, tries)
    },
    'propose-for-new-people': () => proposeForNewPeople(),
  },
  timetable: '',
}
