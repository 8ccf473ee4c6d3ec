import { subscriberStates, subscriptionStates } from '../../events/service/operate.ts';
import { countDeadLetters } from '../../events/store/dead-letter.ts';
import type { EventPageDeps } from '../deps.ts';
import type { EventCounts } from '../pages/events.ts';

/** What stands beside the names of the four views. */
export async function countsOf({ core, types }: EventPageDeps): Promise<EventCounts> {
  const { read } = core.context.db;
  const [subscribers, subscriptions, letters] = [
    await subscriberStates(read),
    await subscriptionStates(read),
    await countDeadLetters(read),
  ];
  return {
    types: types.all().length,
    subscribers: subscribers.filter((one) => one.state === 'active').length,
    subscriptions: subscriptions.filter((one) => one.state === 'active').length,
    letters,
  };
}
