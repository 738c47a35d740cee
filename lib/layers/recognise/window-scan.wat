;; Finds where windows begin: the four neighbouring bytes of each needle that are looked for (see window-scanner.ts).
;;
;; First, sixteen places are tested at once, and 32 are noted together. A byte is taken apart into its low and its high four bits. For the
;; first byte of a window there is a table of both, for the next two of the low bits; each entry is a byte with a bit for each group of
;; windows that may have these bits in this place. So eight groups of any number of windows take four look-ups and three conjunctions. There
;; are no branches: one that a processor cannot foresee costs it more than noting what is not needed.
;;
;; Then each place that was not ruled out is looked up in a table of the hashes of all windows.
(module
  ;; 0: four tables of 16 bytes; behind them is what the caller puts there
  (memory (export "memory") 22)

  ;; $at, $end   the places to test: at least 32, and some more where their number is no multiple of 32
  ;; $hashes     table of 4,096 bytes, each 1 or 0
  ;; $strides    where there is room for notes, 8 bytes for each 32 places
  ;; $found      where to write the places that were found, 4 bytes each
  ;; returns     the end of what was written
  (func (export "scan")
    (param $at i32) (param $end i32) (param $hashes i32) (param $strides i32) (param $found i32) (result i32)
    (local $low0 v128) (local $high0 v128) (local $low1 v128) (local $low2 v128) (local $four v128) (local $zero v128)
    (local $first v128) (local $ruledOut i32) (local $stride i32) (local $places i32) (local $place i32)
    (local.set $low0 (v128.load (i32.const 0)))
    (local.set $high0 (v128.load (i32.const 16)))
    (local.set $low1 (v128.load (i32.const 32)))
    (local.set $low2 (v128.load (i32.const 48)))
    (local.set $four (i8x16.splat (i32.const 0x0f)))
    (local.set $stride (local.get $strides))
    (loop $next
      (local.set $ruledOut
        (i8x16.bitmask
          (i8x16.eq
            (local.get $zero)
            (v128.and
              (v128.and
                (i8x16.swizzle (local.get $low0)
                  (v128.and (local.tee $first (v128.load (local.get $at))) (local.get $four)))
                (i8x16.swizzle (local.get $high0)
                  (v128.and (i16x8.shr_u (local.get $first) (i32.const 4)) (local.get $four))))
              (v128.and
                (i8x16.swizzle (local.get $low1) (v128.and (v128.load offset=1 (local.get $at)) (local.get $four)))
                (i8x16.swizzle (local.get $low2) (v128.and (v128.load offset=2 (local.get $at)) (local.get $four))))))))
      (local.set $ruledOut
        (i32.or
          (local.get $ruledOut)
          (i32.shl
            (i8x16.bitmask
              (i8x16.eq
                (local.get $zero)
                (v128.and
                  (v128.and
                    (i8x16.swizzle (local.get $low0)
                      (v128.and (local.tee $first (v128.load offset=16 (local.get $at))) (local.get $four)))
                    (i8x16.swizzle (local.get $high0)
                      (v128.and (i16x8.shr_u (local.get $first) (i32.const 4)) (local.get $four))))
                  (v128.and
                    (i8x16.swizzle (local.get $low1) (v128.and (v128.load offset=17 (local.get $at)) (local.get $four)))
                    (i8x16.swizzle (local.get $low2) (v128.and (v128.load offset=18 (local.get $at)) (local.get $four)))))))
            (i32.const 16))))
      (local.set $places (i32.xor (local.get $ruledOut) (i32.const -1)))
      (i32.store (local.get $stride) (local.get $at))
      (i32.store offset=4 (local.get $stride) (local.get $places))
      (local.set $stride
        (i32.add (local.get $stride) (i32.shl (i32.ne (local.get $places) (i32.const 0)) (i32.const 3))))
      (local.set $at (i32.add (local.get $at) (i32.const 32)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))

    (block $done
      (loop $noted
        (br_if $done (i32.eq (local.get $strides) (local.get $stride)))
        (local.set $places (i32.load offset=4 (local.get $strides)))
        (loop $more
          (local.set $place (i32.add (i32.load (local.get $strides)) (i32.ctz (local.get $places))))
          (i32.store (local.get $found) (local.get $place))
          (local.set $found
            (i32.add
              (local.get $found)
              (i32.shl
                (i32.load8_u
                  (i32.add
                    (local.get $hashes)
                    (i32.shr_u
                      (i32.mul (i32.load (local.get $place)) (i32.const 0x9e3779b1))
                      (i32.const 20))))
                (i32.const 2))))
          (local.set $places (i32.and (local.get $places) (i32.sub (local.get $places) (i32.const 1))))
          (br_if $more (local.get $places)))
        (local.set $strides (i32.add (local.get $strides) (i32.const 8)))
        (br $noted)))
    (local.get $found)))
