import 'server-only'
import { makeFiles } from '@/lib/exports/plan-runs'

export const exportJobs = {
  handlers: { 'make-files': makeFiles },
  timetable: '* * * * * make-files',
}
