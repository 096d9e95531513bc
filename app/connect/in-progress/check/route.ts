import { checkProgress } from '@/lib/auth/progress'
import { readRoute } from '@/lib/http/route'

export const GET = readRoute('callback', (_query, { request }) => checkProgress(request))
