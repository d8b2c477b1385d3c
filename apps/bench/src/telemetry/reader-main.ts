import { keepYoungObjectsYoung } from '@levitate/service-kit';
import { WindowReader } from './window-reader.ts';

// The process of the reader: it says its counts when it is asked, and `ready` at first. Its Node
// is that of a service, because a service is what it stands for.

keepYoungObjectsYoung();

const [url = '', linksMax] = process.argv.slice(2);
const reader = await WindowReader.open({ url, linksMax: Number(linksMax) });
process.on('message', (asked) => {
  // Counting takes as long as samples may: not while it is measured.
  if (asked === 'forget') reader.forgetLatencies();
  process.send?.(asked === 'forget' ? 'forgotten' : reader.counts);
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
