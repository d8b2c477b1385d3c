/**
 * A process that puts everything into the kernel that can outlive it, says so and waits to be
 * killed. Arguments: object, record, bpffs, namespace, interface index.
 */
import { attachTc } from '../attach-tc.ts';
import { attachXdp } from '../attach-xdp.ts';
import { BpfObject } from '../bpf-object.ts';
import { Footprint } from '../footprint.ts';
import { pinMaps } from '../pin-maps.ts';
import { kernelNumbers } from './kernel-remains.ts';

const [path = '', record = '', bpffs = '', netns = '', index = ''] = process.argv.slice(2);
const ifindex = Number(index);
const object = BpfObject.open(path);
object.load();
const footprint = Footprint.open(record);
const maps = object.mapNames.map((name) => object.map(name));
pinMaps({ maps, instance: 'crash', footprint, bpffs });
attachXdp({ program: object.program('tiny_xdp'), netns, ifindex });
const program = object.program('tiny_egress');
attachTc({ program, netns, ifindex, direction: 'egress', footprint, hook: 'clsact' });
console.log(JSON.stringify(kernelNumbers(object)));
setInterval(() => {}, 1_000);
