import * as std from 'std';
import { main } from './main.ts';
import { quickjsPlatform } from './platform-quickjs.ts';

std.exit(await main(quickjsPlatform()));
