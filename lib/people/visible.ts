export { visibilityKey, visibleTo } from '@/lib/list/visible'
