import 'server-only'
import { resumeWriting } from '@/lib/affiliations/commands'
import { checkAffiliations, enqueueDueDriftChecks } from '@/lib/affiliations/drift'
import { writeAffiliation } from '@/lib/affiliations/writing'

/**
 * `write-affiliation` does at ORCID what is left to do about one item; `check-affiliations` compares one person's items
 * with their record. The timetable takes up what a killed worker has left and what waited for a person or for ORCID.
 */
export const affiliationJobs = {
  handlers: {
    'write-affiliation': ({ affiliationId }: Record<string, unknown>) => writeAffiliation(String(affiliationId)),
    'check-affiliations': ({ researcherId }: Record<string, unknown>) => checkAffiliations(String(researcherId)),
    'resume-affiliations': () => resumeWriting(),
    'check-due-affiliations': () => enqueueDueDriftChecks(),
  },
  timetable: ['* * * * * resume-affiliations', '27 * * * * check-due-affiliations'].join('\n'),
}
