;; What all bytes of a layer go through: `walk` reads the entries of its archive whose bodies need not be looked at (see plain-entries.ts),
;; `scan` looks through programs.
;;
;; `scan` finds where windows begin: the four neighbouring bytes of each needle that are looked for (see window-scanner.ts). Of each needle two
;; are looked for, one of which begins at an even distance from where the search begins: so every other place is left out.
;;
;; First, sixteen places are tested at once, and 32 are noted together. A byte is taken apart into its low and its high four bits. For both
;; of the first two bytes of a window there is a table of each; every entry is a byte with a bit for each group of windows that may have
;; these bits in this place. So eight groups of any number of windows take four look-ups and three conjunctions. There are no branches: one
;; that a processor cannot foresee costs it more than noting what is not needed.
;;
;; Then each place that was not ruled out is looked up in a table of the hashes of all windows.
(module
  ;; 0: four tables of 16 bytes; behind them is what the caller puts there
  (memory (export "memory") 22)

  ;; $at, $end   the places to test, every other one: those of at least 64 bytes, and some more where they are no multiple of that
  ;; $hashes     table of 4,096 bytes, each 1 or 0
  ;; $strides    where there is room for notes, 8 bytes for each 64 bytes
  ;; $found      where to write the places that were found, 4 bytes each
  ;; returns     the end of what was written
  (func (export "scan")
    (param $at i32) (param $end i32) (param $hashes i32) (param $strides i32) (param $found i32) (result i32)
    (local $low0 v128) (local $high0 v128) (local $low1 v128) (local $high1 v128)
    (local $four v128) (local $bytes v128) (local $zero v128)
    (local $front v128) (local $back v128) (local $first v128) (local $second v128)
    (local $ruledOut i32) (local $stride i32) (local $places i32) (local $place i32)
    (local.set $low0 (v128.load (i32.const 0)))
    (local.set $high0 (v128.load (i32.const 16)))
    (local.set $low1 (v128.load (i32.const 32)))
    (local.set $high1 (v128.load (i32.const 48)))
    (local.set $four (i8x16.splat (i32.const 0x0f)))
    (local.set $bytes (i16x8.splat (i32.const 0xff)))
    (local.set $stride (local.get $strides))
    (loop $next
      (local.set $ruledOut
        (i8x16.bitmask
          (i8x16.eq
            (local.get $zero)
            (v128.and
              (v128.and
                (i8x16.swizzle (local.get $low0)
                  (v128.and
                    (local.tee $first
                      (i8x16.narrow_i16x8_u
                        (v128.and (local.tee $front (v128.load offset=0 (local.get $at))) (local.get $bytes))
                        (v128.and (local.tee $back (v128.load offset=16 (local.get $at))) (local.get $bytes))))
                    (local.get $four)))
                (i8x16.swizzle (local.get $high0)
                  (v128.and (i16x8.shr_u (local.get $first) (i32.const 4)) (local.get $four))))
              (v128.and
                (i8x16.swizzle (local.get $low1)
                  (v128.and
                    (local.tee $second
                      (i8x16.narrow_i16x8_u
                        (i16x8.shr_u (local.get $front) (i32.const 8))
                        (i16x8.shr_u (local.get $back) (i32.const 8))))
                    (local.get $four)))
                (i8x16.swizzle (local.get $high1)
                  (v128.and (i16x8.shr_u (local.get $second) (i32.const 4)) (local.get $four))))))))
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
                      (v128.and
                        (local.tee $first
                          (i8x16.narrow_i16x8_u
                            (v128.and (local.tee $front (v128.load offset=32 (local.get $at))) (local.get $bytes))
                            (v128.and (local.tee $back (v128.load offset=48 (local.get $at))) (local.get $bytes))))
                        (local.get $four)))
                    (i8x16.swizzle (local.get $high0)
                      (v128.and (i16x8.shr_u (local.get $first) (i32.const 4)) (local.get $four))))
                  (v128.and
                    (i8x16.swizzle (local.get $low1)
                      (v128.and
                        (local.tee $second
                          (i8x16.narrow_i16x8_u
                            (i16x8.shr_u (local.get $front) (i32.const 8))
                            (i16x8.shr_u (local.get $back) (i32.const 8))))
                        (local.get $four)))
                    (i8x16.swizzle (local.get $high1)
                      (v128.and (i16x8.shr_u (local.get $second) (i32.const 4)) (local.get $four)))))))
            (i32.const 16))))
      (local.set $places (i32.xor (local.get $ruledOut) (i32.const -1)))
      (i32.store (local.get $stride) (local.get $at))
      (i32.store offset=4 (local.get $stride) (local.get $places))
      (local.set $stride
        (i32.add (local.get $stride) (i32.shl (i32.ne (local.get $places) (i32.const 0)) (i32.const 3))))
      (local.set $at (i32.add (local.get $at) (i32.const 64)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))

    (block $done
      (loop $noted
        (br_if $done (i32.eq (local.get $strides) (local.get $stride)))
        (local.set $places (i32.load offset=4 (local.get $strides)))
        (loop $more
          (local.set $place
            (i32.add (i32.load (local.get $strides)) (i32.shl (i32.ctz (local.get $places)) (i32.const 1))))
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
    (local.get $found))

  ;; The number that is written as octal digits with a NUL behind them; -1 when it is written in another way.
  (func $octal (param $at i32) (param $end i32) (result i64)
    (local $start i32) (local $code i32) (local $value i64)
    (local.set $start (local.get $at))
    (loop $next
      (local.set $code (i32.load8_u (local.get $at)))
      (if (i32.eqz (local.get $code))
        (then (return (select (i64.const -1) (local.get $value) (i32.eq (local.get $at) (local.get $start))))))
      (local.set $code (i32.sub (local.get $code) (i32.const 0x30)))
      (if (i32.ge_u (local.get $code) (i32.const 8)) (then (return (i64.const -1))))
      (local.set $value (i64.or (i64.shl (local.get $value) (i64.const 3)) (i64.extend_i32_u (local.get $code))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (i64.const -1))

  ;; The sum of the 512 bytes of a tar header, its own checksum counted as blanks.
  (func $checksum (param $at i32) (result i32)
    (local $end i32) (local $sums v128) (local $field i32) (local $sum i32)
    (local.set $end (i32.add (local.get $at) (i32.const 512)))
    (local.set $field (i32.add (local.get $at) (i32.const 148)))
    (loop $next
      (local.set $sums
        (i16x8.add (local.get $sums) (i16x8.extadd_pairwise_i8x16_u (v128.load (local.get $at)))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (local.set $sums (i32x4.extadd_pairwise_i16x8_u (local.get $sums)))
    (local.set $sum
      (i32.add
        (i32.add (i32x4.extract_lane 0 (local.get $sums)) (i32x4.extract_lane 1 (local.get $sums)))
        (i32.add (i32x4.extract_lane 2 (local.get $sums)) (i32x4.extract_lane 3 (local.get $sums)))))
    (local.set $end (i32.add (local.get $field) (i32.const 8)))
    (loop $own
      (local.set $sum (i32.add (local.get $sum) (i32.sub (i32.const 0x20) (i32.load8_u (local.get $field)))))
      (local.set $field (i32.add (local.get $field) (i32.const 1)))
      (br_if $own (i32.lt_u (local.get $field) (local.get $end))))
    (local.get $sum))

  ;; Where text ends that has a NUL behind it, or as much as there is room for.
  (func $endOfText (param $at i32) (param $end i32) (result i32)
    (block $whole
      (loop $byte
        (br_if $whole (i32.eqz (i32.load8_u (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $byte (i32.lt_u (local.get $at) (local.get $end)))))
    (local.get $at))

  ;; A digit of base 36.
  (func $digit (param $value i32) (result i32)
    (i32.add (local.get $value) (select (i32.const 0x30) (i32.const 0x57) (i32.lt_u (local.get $value) (i32.const 10)))))

  ;; Ends the names of files, where there are any; returns where the text ends then.
  (func $endFiles (param $text i32) (param $amongFiles i32) (result i32)
    (i32.store8 (local.get $text) (i32.const 0))
    (i32.add (local.get $text) (local.get $amongFiles)))

  ;; Writes something down; returns where it ends.
  (func $append (param $text i32) (param $from i32) (param $length i32) (result i32)
    (memory.copy (local.get $text) (local.get $from) (local.get $length))
    (i32.add (local.get $text) (local.get $length)))

  ;; Whether a file that begins with these two bytes may be a program or a script (see content-type.ts).
  (func $mayRun (param $bytes i32) (result i32)
    (i32.or
      (i32.or
        (i32.or (i32.eq (local.get $bytes) (i32.const 0x457f)) (i32.eq (local.get $bytes) (i32.const 0x2123)))
        (i32.or (i32.eq (local.get $bytes) (i32.const 0x5a4d)) (i32.eq (local.get $bytes) (i32.const 0x6100))))
      (i32.or
        (i32.or (i32.eq (local.get $bytes) (i32.const 0xedfe)) (i32.eq (local.get $bytes) (i32.const 0xfeca)))
        (i32.or (i32.eq (local.get $bytes) (i32.const 0xface)) (i32.eq (local.get $bytes) (i32.const 0xfacf))))))

  ;; Takes the entries of a tar archive that are files that nothing is to be remembered of, directories, and symbolic links (see
  ;; plain-entries.ts), up to the first that may be anything else, and writes them down as change-list.ts does.
  ;;
  ;; $at, $end   the bytes, beginning with a header
  ;; $names      table of 16,384 bytes: 1 where a name of this hash is looked at
  ;; $previous   where the path of the directory is that the last entry was in, or was
  ;; $text       where to write
  ;; $result     0: how long that path is, -1 where it is not known; 4: where the text ends; 8: how many entries were taken;
  ;;             12: how many of them are files; 16: the size of the files; 24: how many bytes behind $end belong to the last of them;
  ;;             32: how many entries are links; 36: how long the paths of these are together; 40: how many of the bytes behind $end
  ;;             are padding, if as many are behind it
  ;; returns     where the next entry begins; $end when the last one goes on there
  (func (export "walk")
    (param $at i32) (param $end i32) (param $names i32) (param $previous i32) (param $text i32) (param $result i32)
    (result i32)
    (local $kind i32) (local $isFile i32) (local $isLink i32) (local $isDirectory i32) (local $target i32) (local $targetEnd i32)
    (local $links i32) (local $linkBytes i32) (local $size i64) (local $next i64) (local $start i32) (local $stop i32)
    (local $component i32) (local $place i32) (local $code i32) (local $hash i32) (local $directory i32)
    (local $length i32) (local $shared i32) (local $amongFiles i32) (local $most i32) (local $entries i32) (local $files i32)
    (local $total i64)
    (local.set $length (i32.load (local.get $result)))
    (f64.store offset=24 (local.get $result) (f64.const 0))
    (block $done
      (loop $entry
        (br_if $done (i32.gt_u (i32.add (local.get $at) (i32.const 512)) (local.get $end)))

        ;; the kind, the format, and the numbers
        (local.set $kind (i32.load8_u offset=156 (local.get $at)))
        (local.set $isFile (i32.eq (local.get $kind) (i32.const 0x30)))
        (local.set $isLink (i32.eq (local.get $kind) (i32.const 0x32)))
        (local.set $isDirectory (i32.eq (local.get $kind) (i32.const 0x35)))
        (br_if $done
          (i32.eqz (i32.or (local.get $isFile) (i32.or (local.get $isLink) (local.get $isDirectory)))))
        (br_if $done (i32.ne (i32.load offset=257 (local.get $at)) (i32.const 0x61747375)))
        (br_if $done (i32.ne (i32.load8_u offset=261 (local.get $at)) (i32.const 0x72)))
        (local.set $code (i32.load8_u offset=262 (local.get $at)))
        (if (i32.eqz (local.get $code))
          (then (br_if $done (i32.load8_u offset=345 (local.get $at))))
          (else (br_if $done (i32.ne (local.get $code) (i32.const 0x20)))))
        (local.set $size
          (call $octal (i32.add (local.get $at) (i32.const 124)) (i32.add (local.get $at) (i32.const 136))))
        (br_if $done (i64.lt_s (local.get $size) (i64.const 0)))
        (br_if $done (i32.and (i32.eqz (local.get $isFile)) (i64.ne (local.get $size) (i64.const 0))))
        (br_if $done
          (i64.lt_s
            (call $octal (i32.add (local.get $at) (i32.const 100)) (i32.add (local.get $at) (i32.const 108)))
            (i64.const 0)))
        (br_if $done
          (i64.ne
            (call $octal (i32.add (local.get $at) (i32.const 148)) (i32.add (local.get $at) (i32.const 156)))
            (i64.extend_i32_s (call $checksum (local.get $at)))))

        ;; the name, without `./` before it and `/` behind it
        (local.set $start (local.get $at))
        (local.set $stop (call $endOfText (local.get $at) (i32.add (local.get $at) (i32.const 100))))
        (br_if $done (i32.eq (local.get $stop) (local.get $start)))
        (if (i32.eq (i32.load16_u (local.get $start)) (i32.const 0x2f2e))
          (then (local.set $start (i32.add (local.get $start) (i32.const 2)))))
        (if (i32.eq (i32.load8_u (i32.sub (local.get $stop) (i32.const 1))) (i32.const 0x2f))
          (then
            (br_if $done (i32.eqz (local.get $isDirectory)))
            (local.set $stop (i32.sub (local.get $stop) (i32.const 1)))))
        (br_if $done (i32.le_s (local.get $stop) (local.get $start)))

        ;; its components: none may be empty, `.` or `..`; the last one is looked up
        (local.set $component (local.get $start))
        (local.set $place (local.get $start))
        (local.set $hash (i32.const 0x811c9dc5))
        (loop $byte
          (local.set $code
            (if (result i32) (i32.eq (local.get $place) (local.get $stop))
              (then (i32.const 0x2f))
              (else (i32.load8_u (local.get $place)))))
          (if (i32.eq (local.get $code) (i32.const 0x2f))
            (then
              (br_if $done (i32.eq (local.get $place) (local.get $component)))
              (if (i32.eq (i32.load8_u (local.get $component)) (i32.const 0x2e))
                (then
                  (br_if $done (i32.eq (i32.sub (local.get $place) (local.get $component)) (i32.const 1)))
                  (br_if $done
                    (i32.and
                      (i32.eq (i32.sub (local.get $place) (local.get $component)) (i32.const 2))
                      (i32.eq (i32.load8_u offset=1 (local.get $component)) (i32.const 0x2e))))))
              (if (i32.ne (local.get $place) (local.get $stop))
                (then
                  (local.set $component (i32.add (local.get $place) (i32.const 1)))
                  (local.set $hash (i32.const 0x811c9dc5)))))
            (else
              (local.set $hash
                (i32.mul (i32.xor (local.get $hash) (local.get $code)) (i32.const 0x01000193)))))
          (local.set $place (i32.add (local.get $place) (i32.const 1)))
          (br_if $byte (i32.le_u (local.get $place) (local.get $stop))))
        (br_if $done (i32.eq (i32.load (local.get $component)) (i32.const 0x2e68772e)))
        (if (local.get $isFile)
          (then
            (br_if $done
              (i32.load8_u (i32.add (local.get $names) (i32.shr_u (local.get $hash) (i32.const 18)))))
            (br_if $done
              (i32.and
                (i32.ge_u (i32.sub (local.get $stop) (local.get $component)) (i32.const 4))
                (i32.eq (i32.load (i32.sub (local.get $stop) (i32.const 4))) (i32.const 0x6c68772e))))
            (if (i64.ne (local.get $size) (i64.const 0))
              (then
                (br_if $done (i32.gt_u (i32.add (local.get $at) (i32.const 514)) (local.get $end)))
                (br_if $done (call $mayRun (i32.load16_u offset=512 (local.get $at))))))))

        ;; where a link leads
        (if (local.get $isLink)
          (then
            (local.set $target (i32.add (local.get $at) (i32.const 157)))
            (local.set $targetEnd (call $endOfText (local.get $target) (i32.add (local.get $at) (i32.const 257))))
            (br_if $done (i32.eq (local.get $target) (local.get $targetEnd)))))

        ;; what the directory that it is in, or that it is, shares with the one before; in the same one, no more is needed than a name
        (local.set $directory (i32.sub (local.get $stop) (local.get $start)))
        (if (i32.eqz (local.get $isDirectory))
          (then
            (local.set $directory
              (select
                (i32.sub (i32.sub (local.get $component) (local.get $start)) (i32.const 1))
                (i32.const 0)
                (i32.ne (local.get $component) (local.get $start))))))
        (local.set $most
          (select (local.get $directory) (local.get $length) (i32.lt_s (local.get $directory) (local.get $length))))
        (local.set $shared (i32.const 0))
        (block $differs
          (loop $byte
            (br_if $differs (i32.ge_s (local.get $shared) (local.get $most)))
            (br_if $differs
              (i32.ne
                (i32.load8_u (i32.add (local.get $start) (local.get $shared)))
                (i32.load8_u (i32.add (local.get $previous) (local.get $shared)))))
            (local.set $shared (i32.add (local.get $shared) (i32.const 1)))
            (br $byte)))
        (if
          (i32.or
            (local.get $isDirectory)
            (i32.or
              (i32.ne (local.get $length) (local.get $directory))
              (i32.ne (local.get $shared) (local.get $directory))))
          (then
            (local.set $text (call $endFiles (local.get $text) (local.get $amongFiles)))
            (local.set $amongFiles (i32.const 0))
            (i32.store8 (local.get $text) (select (i32.const 0x64) (i32.const 0x63) (local.get $isDirectory)))
            (local.set $text (i32.add (local.get $text) (i32.const 1)))
            (if (i32.ge_u (local.get $shared) (i32.const 36))
              (then
                (i32.store8 (local.get $text) (call $digit (i32.div_u (local.get $shared) (i32.const 36))))
                (local.set $text (i32.add (local.get $text) (i32.const 1)))))
            (i32.store8 (local.get $text) (call $digit (i32.rem_u (local.get $shared) (i32.const 36))))
            (i32.store8 offset=1 (local.get $text) (i32.const 0x20))
            (local.set $text
              (call $append
                (i32.add (local.get $text) (i32.const 2))
                (i32.add (local.get $start) (local.get $shared))
                (i32.sub (local.get $directory) (local.get $shared))))
            (i32.store8 (local.get $text) (i32.const 0))
            (local.set $text (i32.add (local.get $text) (i32.const 1)))
            (local.set $length (local.get $directory))
            (memory.copy (local.get $previous) (local.get $start) (local.get $length))))
        (if (local.get $isFile)
          (then
            (i32.store8 (local.get $text) (select (i32.const 0x2f) (i32.const 0x2d) (local.get $amongFiles)))
            (local.set $amongFiles (i32.const 1))
            (local.set $text
              (call $append
                (i32.add (local.get $text) (i32.const 1))
                (local.get $component)
                (i32.sub (local.get $stop) (local.get $component))))))
        (if (local.get $isLink)
          (then
            (local.set $text (call $endFiles (local.get $text) (local.get $amongFiles)))
            (local.set $amongFiles (i32.const 0))
            (i32.store8 (local.get $text) (i32.const 0x6c))
            (local.set $text
              (call $append
                (i32.add (local.get $text) (i32.const 1))
                (local.get $component)
                (i32.sub (local.get $stop) (local.get $component))))
            (i32.store8 (local.get $text) (i32.const 0))
            (local.set $text
              (call $append
                (i32.add (local.get $text) (i32.const 1))
                (local.get $target)
                (i32.sub (local.get $targetEnd) (local.get $target))))
            (i32.store8 (local.get $text) (i32.const 0))
            (local.set $text (i32.add (local.get $text) (i32.const 1)))
            (local.set $links (i32.add (local.get $links) (i32.const 1)))
            (local.set $linkBytes (i32.add (local.get $linkBytes) (i32.sub (local.get $stop) (local.get $start))))))

        ;; on to the next
        (local.set $entries (i32.add (local.get $entries) (i32.const 1)))
        (local.set $files (i32.add (local.get $files) (local.get $isFile)))
        (local.set $total (i64.add (local.get $total) (local.get $size)))
        (local.set $next
          (i64.add
            (i64.extend_i32_u (i32.add (local.get $at) (i32.const 512)))
            (i64.and (i64.add (local.get $size) (i64.const 511)) (i64.const -512))))
        (if (i64.gt_u (local.get $next) (i64.extend_i32_u (local.get $end)))
          (then
            (f64.store offset=24 (local.get $result)
              (f64.convert_i64_u (i64.sub (local.get $next) (i64.extend_i32_u (local.get $end)))))
            (i32.store offset=40 (local.get $result)
              (i32.and (i32.sub (i32.const 0) (i32.wrap_i64 (local.get $size))) (i32.const 511)))
            (local.set $at (local.get $end))
            (br $done)))
        (local.set $at (i32.wrap_i64 (local.get $next)))
        (br $entry)))
    (i32.store (local.get $result) (local.get $length))
    (i32.store offset=4 (local.get $result) (call $endFiles (local.get $text) (local.get $amongFiles)))
    (i32.store offset=8 (local.get $result) (local.get $entries))
    (i32.store offset=12 (local.get $result) (local.get $files))
    (f64.store offset=16 (local.get $result) (f64.convert_i64_u (local.get $total)))
    (i32.store offset=32 (local.get $result) (local.get $links))
    (i32.store offset=36 (local.get $result) (local.get $linkBytes))
    (local.get $at)))
