import 'server-only'
import { tellByMail } from '@/lib/systems/telling'

export const systemJobs = {
  handlers: { 'tell-of-systems': tellByMail },
  timetable: '*/10 * * * * tell-of-systems',
}
