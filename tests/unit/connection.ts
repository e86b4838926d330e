import type { Connection } from '../../app/store/connection.ts'

const NOON = new Date('2026-11-20T12:00:00+03:00')

/** Anna's account at ВКонтакте, connected and well, but for the changes. */
export function connection(changes: Partial<Connection>): Connection {
  return {
    id: 1,
    userId: 1,
    provider: 'vk',
    account: { id: '777', name: 'Анна Лавкина', profile: {} },
    scope: ['market', 'groups', 'offline'],
    expiresAt: undefined,
    refreshExpiresAt: undefined,
    endsAt: undefined,
    renewable: false,
    isOnline: true,
    health: 'online',
    reason: undefined,
    detail: undefined,
    lastCheckedAt: NOON,
    lastOnlineAt: NOON,
    nextCheckAt: undefined,
    refreshDueAt: undefined,
    refreshAfter: undefined,
    connectedAt: NOON,
    failedChecks: 0,
    refusals: 0,
    incident: undefined,
    revision: 1,
    ...changes,
  }
}
