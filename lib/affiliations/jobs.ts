import 'server-only'
import { resumeWriting } from '@/lib/affiliations/commands'
import { checkAffiliations, enqueueDueDriftChecks } from '@/lib/affiliations/drift'
import { handleLeavers } from '@/lib/affiliations/leavers'
import { writeAffiliation } from '@/lib/affiliations/writing'

/**
 * The timetable resumes items after a crash, an outage or a new permission, and compares items with records. Leavers come
 * twice an hour, because midnight depends on the institution's time zone.
 */
export const affiliationJobs = {
  handlers: {
    'write-affiliation': ({ affiliationId }: Record<string, unknown>) => writeAffiliation(String(affiliationId)),
    'check-affiliations': ({ researcherId }: Record<string, unknown>) => checkAffiliations(String(researcherId)),
    'resume-affiliations': () => resumeWriting(),
    'check-due-affiliations': () => enqueueDueDriftChecks(),
    leavers: () => handleLeavers(),
  },
  timetable: ['* * * * * resume-affiliations', '27 * * * * check-due-affiliations', '7,37 * * * * leavers'].join('\n'),
}
