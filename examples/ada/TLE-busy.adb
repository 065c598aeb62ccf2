with Ada.Text_IO; use Ada.Text_IO;

procedure Busy is
   Turns : Long_Long_Integer := 0 with Volatile;
begin
   while Turns >= 0 loop
      Turns := (Turns + 1) mod 1_000_003;
   end loop;
   Put_Line (Turns'Image);
end Busy;
