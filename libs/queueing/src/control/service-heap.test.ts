import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ServiceHeap } from './service-heap.ts';

it('ServiceHeap gives back what was put in, least first, in any order of puts and takes', () => {
  const moves = fc.array(fc.option(fc.nat(50), { nil: undefined }), { maxLength: 200 });
  fc.assert(
    fc.property(moves, (list) => {
      const heap = new ServiceHeap(200);
      const model: { finish: number; id: number }[] = [];
      list.forEach((finish, id) => {
        if (finish !== undefined) {
          heap.push(finish, id, 2 * id);
          model.push({ finish, id });
        } else if (model.length > 0) {
          model.sort((one, other) => one.finish - other.finish);
          expect(heap.finish).toBe(model[0]?.finish);
          const at = model.findIndex(({ id }) => id === heap.arrivedMs);
          expect(model[at]?.finish).toBe(heap.finish);
          expect(heap.ownMs).toBe(2 * heap.arrivedMs);
          model.splice(at, 1);
          heap.pop();
        }
        expect(heap.size).toBe(model.length);
      });
    }),
  );
});
