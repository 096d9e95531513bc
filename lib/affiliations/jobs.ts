import 'server-only'
import { resumeWriting } from '@/lib/affiliations/commands'
import { checkAffiliations, enqueueDueDriftChecks } from '@/lib/affiliations/drift'
import { writeAffiliation } from '@/lib/affiliations/writing'

/** The timetable resumes items after a crash, an outage or a new permission, and compares items with records. */
export const affiliationJobs = {
  handlers: {
    'write-affiliation': ({ affiliationId }: Record<string, unknown>) => writeAffiliation(String(affiliationId)),
    'check-affiliations': ({ researcherId }: Record<string, unknown>) => checkAffiliations(String(researcherId)),
    'resume-affiliations': () => resumeWriting(),
    'check-due-affiliations': () => enqueueDueDriftChecks(),
  },
  timetable: ['* * * * * resume-affiliations', '27 * * * * check-due-affiliations'].join('\n'),
}
